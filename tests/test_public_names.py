"""The package as a library: the same files as the command line writes, in three lines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import lumbargrade
from lumbargrade.cli.main import app
from lumbargrade.files.ledger import LEDGER
from lumbargrade.outputs.dicom import sr


def test_a_few_lines_write_what_the_command_writes(
    short_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(short_study, tmp_path / "study")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["grade", "study", "-o", "by-command"])
    assert result.exit_code == 0, result.output

    study = lumbargrade.read_study("study")
    graded = lumbargrade.grade_study(study)
    shutil.rmtree("study")  # all is in memory: no file is read a second time
    paths = lumbargrade.write(graded, "by-hand")

    names = {"grades.json", "grades.csv", "measures.csv", "discs.csv", "report.html"}
    assert {path.name for path in paths} == names
    by_hand, by_command = _files("by-hand"), _files("by-command")
    assert by_hand.pop(LEDGER) != by_command.pop(LEDGER)  # they keep the name that was given
    assert by_hand == by_command
    (report,) = lumbargrade.write(graded, "reported", formats=["sr"])
    shown = (*graded.grades.slices, *graded.grades.discs)
    uids = {item.sop_instance_uid for item in shown}
    assert {found.sop_instance_uid for found in sr.read(report)} == uids


def _files(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
