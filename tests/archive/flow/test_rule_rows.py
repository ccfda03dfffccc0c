"""Rows as rules see them: whose each is, each picture once, and which hold to a rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.archive.index_rows import study, table

from lumbargrade.archive.flow.rule_rows import ArchiveRows, Mask, rows_of_patients
from lumbargrade.archive.flow.rules import ColumnRule, ListRule
from lumbargrade.archive.index.columns import Reason


def held(rows: pa.Table, column: str, operator: str, value: Any, unknown: bool = False) -> Mask:
    archive = ArchiveRows(rows)
    everyone = np.ones(len(rows), dtype=np.bool_)
    rule = ColumnRule("inclusion", "test", column, operator, value, unknown)
    return archive.holds(rule, everyone, {})


def test_rows_of_nobody_are_counted_by_their_reason() -> None:
    rows, left_out = rows_of_patients(
        table(
            study("A", 2),
            [{"file_id": "1", "usable": False, "reason": Reason.NOT_DICOM.value}],
            [{"file_id": "2", "usable": False, "reason": Reason.NOT_DICOM.value}],
            [{"file_id": "3", "usable": True}],
            study("B", 3, usable=False, reason=Reason.MISSING.value),
        )
    )
    assert rows["patient_id"].to_pylist() == ["A", "A"]
    assert left_out == {Reason.NOT_DICOM: 2, "no patient": 1, Reason.MISSING: 3}


def test_a_picture_counts_once_and_a_usable_copy_goes_first() -> None:
    (good,) = study("A", 1)
    broken = good | {"file_id": "0", "usable": False, "reason": Reason.TRUNCATED.value}
    copy = good | {"file_id": "zz"}
    of_another = good | {"file_id": "y", "patient_id": "B"}
    rows, left_out = rows_of_patients(table([broken, copy, good, of_another]))
    assert rows["file_id"].to_pylist() == ["As0", "y"]
    assert left_out == {"a copy of another file": 2}


def test_pictures_without_a_name_are_all_kept() -> None:
    nameless = [row | {"slice_id": None} for row in study("A", 3)]
    rows, left_out = rows_of_patients(table(nameless))
    assert len(rows) == 3
    assert left_out == {}


def test_patients_and_pictures_inside_a_mask() -> None:
    rows = ArchiveRows(table(study("B", 2), study("A", 1, number_of_frames=20)))
    inside = np.array([True, False, True])
    assert list(rows.names) == ["A", "B"]
    assert list(rows.present(inside)) == [True, True]
    assert list(rows.present(np.array([True, True, False]))) == [False, True]
    assert rows.count(inside) == 21


@pytest.mark.parametrize("unknown", [True, False])
def test_an_unknown_value_is_as_the_rule_says(unknown: bool) -> None:
    rows = table(study("A", 1, age_years=None), study("B", 1, age_years=40))
    assert list(held(rows, "age_years", "at least", 18, unknown)) == [unknown, True]
    assert list(held(rows, "age_years", "none of", (40,), unknown)) == [unknown, False]


def test_a_list_takes_the_patients_of_any_of_its_reasons() -> None:
    rows = ArchiveRows(table(study("A", 1), study("B", 1), study("C", 1)))
    rule = ListRule("exclusion", "bone", ("fracture", "tumour"))
    listed = {"fracture": frozenset("A"), "tumour": frozenset("C"), "artefact": frozenset("B")}
    everyone = np.ones(3, dtype=np.bool_)
    assert list(rows.holds(rule, everyone, listed)) == [False, True, False]


def test_counts_are_of_the_rows_inside() -> None:
    rows = ArchiveRows(table(study("A", 3, "x"), study("A", 1, "y"), study("B", 2)))
    rule = ColumnRule("inclusion", "test", "studies_per_patient", "at least", 2, False)
    everyone = np.ones(6, dtype=np.bool_)
    assert list(rows.holds(rule, everyone, {})) == [True] * 4 + [False] * 2
    without_y = np.array([True, True, True, False, True, True])
    assert not rows.holds(rule, without_y, {}).any()
