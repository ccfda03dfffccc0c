"""From an index to who is in: rules, exclusions and grades together."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.archive.index_rows import study, table, write_index

from lumbargrade.archive.flow.make import FlowOptions, make_flow, read_exclusions
from lumbargrade.archive.patient_lookup import PatientLookup
from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.errors import CohortError, EvaluationError

REASONS = ("fracture", "previous surgery", "artefact")
KEY = Pseudonyms(bytes(32))
FOURTH = KEY.of("patient", "4711")
NAMES = PatientLookup({"A", "B", FOURTH}, KEY)


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
        ("grades", "patient,system,grade\nP1,LDH,9\n", EvaluationError, "row 2: LDH grade '9' is"),
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


def read(path: Path, text: str, names: PatientLookup = NAMES) -> dict[str, frozenset[str]]:
    path.write_text(text, encoding="utf-8")
    return dict(read_exclusions(path, names, REASONS, REASONS[:2]))


def test_a_list_is_read(tmp_path: Path) -> None:
    text = "Patient;Reason;Note\nA;Fracture;a name\n4711; previous surgery \nA;previous surgery\n"
    assert read(tmp_path / "e.csv", text) == {
        "fracture": {"A"},
        "previous surgery": {"A", FOURTH},
        "artefact": frozenset(),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("patient\nA\n", "no column reason: the first line must name patient, reason$"),
        ("patient,reason\nA,fracture\nB,fractur\n", "line 3: reason 'fractur' is unknown: use fra"),
        ("patient,reason\nA,artefact\n", "line 2: no rule excludes for 'artefact': add a"),
        ("patient,reason\nZ,fracture\n", "line 2: patient 'Z' is not in the index: give its pseud"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CohortError, match=message):
        read(tmp_path / "e.csv", text)


def test_without_a_key_a_patient_id_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"or the key of the index \(--key\) for a Patient ID"):
        read(
            tmp_path / "e.csv",
            "patient,reason\n4711,fracture\n",
            PatientLookup(NAMES.patients, None),
        )


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"cannot be read \(No such file"):
        read_exclusions(tmp_path / "none.csv", NAMES, REASONS, REASONS)
