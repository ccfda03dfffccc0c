"""``lumbargrade cohort split``: what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import said_without
from tests.cohort.split.cohorts import drop_picture, write_cohort
from typer.testing import CliRunner

from lumbargrade.cli.cohort.split import run
from lumbargrade.cli.main import app
from lumbargrade.cohort.split.make import SplitOptions


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    return write_cohort(tmp_path / "cohort")


def test_the_parts_are_printed_and_the_file_is_named(
    cohort: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drop_picture(cohort, "P00020")
    run(cohort, tmp_path / "split.json", SplitOptions("60/20/20"))
    shown = capsys.readouterr().out
    assert "Patients by worst grade" in shown
    assert "train" in shown
    assert "1 of 20 images were not compared" in shown
    assert shown.endswith(f"Locked: {tmp_path / 'split.json'}\n")


def test_a_fault_is_one_line(cohort: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["cohort", "split", str(cohort), "-o", str(tmp_path / "s.json"), "--shares", "1/2/3"]
    )
    assert done.exit_code == 2
    assert done.stderr.startswith("error: --shares 1/2/3: give percentages")
    assert not (tmp_path / "s.json").exists()


def test_a_flow_needs_the_extra(tmp_path: Path) -> None:
    said = said_without("pyarrow", "cohort", "split", tmp_path, "-o", tmp_path / "s.json")
    assert said.startswith("error: splitting what 'cohort flow' included needs the 'cohort' extra")
