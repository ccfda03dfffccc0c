from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.files.ledger import read_ledger
from lumbargrade.files.output_folder import opened
from lumbargrade.outputs.all_tables import write_all_tables
from lumbargrade.outputs.csv import rows as grade_rows
from lumbargrade.outputs.write import land
from lumbargrade.study.graded import GradedStudy


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    with opened(tmp_path / "out") as folder:
        yield folder


def _named(graded: GradedStudy, patient: str) -> GradedStudy:
    return replace(graded, grades=replace(graded.grades, patient_id=patient))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_the_tables_hold_all_studies_that_lie_there_and_why_others_failed(
    graded: GradedStudy, measured: GradedStudy, out: Path
) -> None:
    land(_named(measured, "2"), out, "B", ("csv",), flat=False)
    land(_named(graded, "1"), out, "A", ("csv",), flat=False)
    path = write_all_tables(out, {"C": "no axial T2"})
    found = _rows(path)
    each = len(list(grade_rows(graded.grades)))
    assert [row["study"] for row in found[:each]] == ["A"] * each
    assert {row["study"] for row in found[each:-1]} == {"B"}
    assert (found[-1]["study"], found[-1]["status"]) == ("C", "study failed")
    assert found[-1]["reason"] == "no axial T2"
    assert {row["study"] for row in _rows(out / "measures.csv")} == {"B"}
    assert next(iter(_rows(out / "measures.csv")[0])) == "study"


def test_failures_stay_until_the_study_is_there(graded: GradedStudy, out: Path) -> None:
    land(_named(graded, "1"), out, "A", ("csv",), flat=False)
    write_all_tables(out, {"B": "no", "C": "never"})
    land(_named(graded, "2"), out, "B", ("csv",), flat=False)
    found = _rows(write_all_tables(out, {}))
    assert [row["study"] for row in found if row["status"] == "study failed"] == ["C"]
    # What fails now is said, also where an earlier run has results.
    found = _rows(write_all_tables(out, {"A": "broken since"}))
    assert [row["study"] for row in found if row["status"] == "study failed"] == ["A", "C"]
    assert read_ledger(out).failures == {"A": "broken since", "C": "never"}


def test_a_study_in_the_folder_itself_is_in_the_tables_however_often_they_are_made(
    measured: GradedStudy, out: Path
) -> None:
    land(_named(measured, "1"), out, "A", ("json", "csv"), flat=True)
    land(_named(measured, "2"), out, "B", ("json", "csv"), flat=False)
    tables = []
    for _ in range(2):
        write_all_tables(out, {})
        tables.append([(out / name).read_bytes() for name in ("predictions.csv", "measures.csv")])
    assert tables[0] == tables[1]
    assert {row["study"] for row in _rows(out / "measures.csv")} == {"A", "B"}
    assert {row["study"] for row in _rows(out / "predictions.csv")} == {"A", "B"}
    land(_named(measured, "1"), out, "A", ("json", "csv"), flat=True)
    write_all_tables(out, {})
    assert [(out / name).read_bytes() for name in ("predictions.csv", "measures.csv")] == tables[0]
    assert {"grades.json", "grades.csv", "measures.csv"} < set(read_ledger(out).files)
