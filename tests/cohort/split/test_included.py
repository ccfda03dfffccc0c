"""Included slices become patients to split."""

from __future__ import annotations

from pathlib import Path

from tests.archive.index_rows import study, table, write_included

from lumbargrade.archive.flow.included import read_included
from lumbargrade.cohort.split.included import included_patients


def test_a_table_becomes_a_roster(tmp_path: Path) -> None:
    rows = table(study("A", 2), study("B", 1))
    read = read_included(write_included(tmp_path, rows, [2, 2, None]))
    patients = included_patients(read, {"As0": "c" * 64}, "flow")
    assert patients.worst_grades == {"A": 2, "B": None}
    assert [(one.patient_id, one.picture_code) for one in patients.pictures] == [
        ("A", "c" * 64),
        ("A", None),
        ("B", None),
    ]
    assert {one.series_instance_uid for one in patients.pictures} == {"As.1", "Bs.1"}
    assert patients.external == frozenset()
