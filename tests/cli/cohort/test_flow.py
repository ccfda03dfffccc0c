"""``lumbargrade cohort flow``: what it prints, and what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.index_rows import study, table, write_index
from tests.cli.calls import said_without
from typer.testing import CliRunner

from lumbargrade.cli.cohort.flow import run
from lumbargrade.cli.main import app


def test_what_is_left_out_and_odd_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table(
        study("A"), study("A", 1, "t", sex="M"), [{"file_id": "1", "reason": "not [b]DICOM"}]
    )
    run(write_index(tmp_path / "index", rows), tmp_path / "out", "su2022", None, None, None)
    shown = " ".join(capsys.readouterr().out.split())
    assert "Patient flow" in shown
    assert "Table 1" in shown
    assert "1 files left out: not [b]DICOM" in shown
    assert "1 patients have more than one sex" in shown


def test_an_unknown_column_is_one_line(tmp_path: Path) -> None:
    index = write_index(tmp_path / "index", table(study("A")))
    rules = tmp_path / "r.toml"
    rules.write_text(
        '[[rule]]\nstep="inclusion"\nreason="x"\ncolumn="nme"\noperator="is"\nvalue=1\n'
    )
    done = CliRunner().invoke(
        app, ["cohort", "flow", str(index), "-o", str(tmp_path / "out"), "--rules", str(rules)]
    )
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "rule 1 (x): column 'nme' is unknown" in done.stderr


@pytest.mark.parametrize(("library", "extra"), [("pyarrow", "cohort"), ("matplotlib", "report")])
def test_the_extra_is_named_after_what_is_missing(library: str, extra: str, tmp_path: Path) -> None:
    said = said_without(library, "cohort", "flow", tmp_path, "-o", tmp_path / "out")
    assert said.startswith(f"error: lumbargrade cohort flow needs the '{extra}' extra")
