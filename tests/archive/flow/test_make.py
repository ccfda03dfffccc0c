"""From an index to who is in: rules, exclusions and grades together."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.archive.index_rows import study, table, write_index

from lumbargrade.archive.flow.make import FlowOptions, make_flow
from lumbargrade.errors import CohortError, EvaluationError


@pytest.fixture
def index(tmp_path: Path) -> Path:
    rows = table(*(study(f"P{number}", 6) for number in range(8)), study("Q", plane="sagittal"))
    return write_index(tmp_path / "index", rows)


def people(out: Path) -> dict[str, dict[str, str]]:
    with (out / "patients.csv").open(newline="") as stream:
        return {row["patient"]: row for row in csv.DictReader(stream)}


def test_rules_lists_and_grades_come_together(index: Path, tmp_path: Path) -> None:
    exclusions, grades = tmp_path / "e.csv", tmp_path / "g.csv"
    exclusions.write_text("patient,reason,note\nP1,fracture,fell in May\nP2,artefact,\n")
    grades.write_text("patient,system,grade\nP3,LDH,1\nP3,LCCS,3\nP4,LDH,\nZ,LDH,2\n")
    heard: list[tuple[int, int]] = []
    options = FlowOptions(exclude=exclusions, grades=grades)
    flow = make_flow(index, tmp_path / "out", options, lambda *done: heard.append(done))
    assert heard == [(number + 1, len(flow.counts)) for number in range(len(flow.counts))]
    found = people(tmp_path / "out")
    assert [name for name, row in found.items() if row["included"] == "no"] == ["P1", "P2", "Q"]
    assert (found["P3"]["worst_grade"], found["P4"]["worst_grade"]) == ("3", "")
    written = "".join(path.read_text() for path in (tmp_path / "out").glob("*.[cjs]*"))
    assert "fell in May" not in written
    make_flow(index, tmp_path / "out", FlowOptions())  # its own folder is replaced
    assert json.loads((tmp_path / "out" / "flow.json").read_text())["included"]["patients"] == 8


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
    with pytest.raises(kind, match=message):
        make_flow(
            index,
            tmp_path / "out",
            FlowOptions(grades=path) if name == "grades" else FlowOptions(exclude=path),
        )
    assert not (tmp_path / "out").exists()
