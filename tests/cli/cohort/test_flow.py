"""``cohort flow``: from an index to who is in, in one command."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.archive.index_rows import study, table, write_index
from typer.testing import CliRunner

from lumbargrade.cli.cohort.flow import Wanted, run
from lumbargrade.cli.main import app
from lumbargrade.errors import CohortError, EvaluationError


@pytest.fixture
def index(tmp_path: Path) -> Path:
    rows = table(*(study(f"P{number}", 6) for number in range(8)), study("Q", plane="sagittal"))
    return write_index(tmp_path / "index", rows)


def people(out: Path) -> dict[str, dict[str, str]]:
    with (out / "patients.csv").open(newline="") as stream:
        return {row["patient"]: row for row in csv.DictReader(stream)}


def test_rules_lists_and_grades_come_together(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exclusions, grades = tmp_path / "e.csv", tmp_path / "g.csv"
    exclusions.write_text("patient,reason,note\nP1,fracture,fell in May\nP2,artefact,\n")
    grades.write_text("patient,system,grade\nP3,LDH,1\nP3,LCCS,3\nP4,LDH,\nZ,LDH,2\n")
    run(index, tmp_path / "out", Wanted(exclude=exclusions, grades=grades))
    found = people(tmp_path / "out")
    assert [name for name, row in found.items() if row["included"] == "no"] == ["P1", "P2", "Q"]
    assert (found["P3"]["worst_grade"], found["P4"]["worst_grade"]) == ("3", "")
    shown = capsys.readouterr().out
    assert "Patient flow" in shown
    assert "Table 1" in shown
    written = "".join(path.read_text() for path in (tmp_path / "out").glob("*.[cjs]*"))
    assert "fell in May" not in written
    run(index, tmp_path / "out", Wanted())  # its own folder is replaced
    assert json.loads((tmp_path / "out" / "flow.json").read_text())["included"]["patients"] == 8


def test_what_is_left_out_and_odd_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table(
        study("A"), study("A", 1, "t", sex="M"), [{"file_id": "1", "reason": "not [b]DICOM"}]
    )
    run(write_index(tmp_path / "index", rows), tmp_path / "out", Wanted())
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 files left out: not [b]DICOM" in shown
    assert "1 patients have more than one sex" in shown


@pytest.mark.parametrize(
    ("name", "text", "kind", "message"),
    [
        ("grades", "patient,system\n", EvaluationError, "no column grade"),
        ("grades", "patient,system,grade\nP1,LDH,9\n", EvaluationError, "line 2: LDH grade '9' is"),
        ("grades", "patient,system,grade\n,LDH,1\n", EvaluationError, "patient is empty: fill it"),
        ("grades", "patient,system,grade\nZ,LDH,1\n", CohortError, "none of its patients is in th"),
        ("exclude", "patient,reason\nP1,bad\n", CohortError, "line 2: reason 'bad' is unknown"),
    ],
)
def test_a_table_with_a_slip_leaves_nothing_behind(
    index: Path, tmp_path: Path, name: str, text: str, kind: type[Exception], message: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    wanted = Wanted(grades=path) if name == "grades" else Wanted(exclude=path)
    with pytest.raises(kind, match=message):
        run(index, tmp_path / "out", wanted)
    assert not (tmp_path / "out").exists()


def test_an_unknown_column_is_one_line(index: Path, tmp_path: Path) -> None:
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


def test_help_shows_the_whole_way() -> None:
    shown = CliRunner().invoke(app, ["cohort", "--help"]).stdout
    for line in ("cohort index ARCHIVE", "cohort flow INDEX", "cohort split FLOW", "train COHORT"):
        assert f"lumbargrade {line} -o" in shown
