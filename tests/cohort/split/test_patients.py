"""Whom to split, from a folder of either kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.index_rows import study, table
from tests.cohort.split.cohorts import write_cohort
from tests.cohort.split.test_included import write_included

from lumbargrade.cohort.split.patients import read_patients
from lumbargrade.errors import CohortError


def _nobody(*_: int) -> None:
    raise AssertionError("no picture is read")


def test_patients_of_a_cohort_folder(tmp_path: Path) -> None:
    found = read_patients(write_cohort(tmp_path / "cohort", 4), None, None, _nobody)
    assert found.name == "cohort"
    assert found.worst_grades == {"P00001": 1, "P00002": 2, "P00003": 3, "P00004": 0}
    assert len(found.pictures) == 4


def test_a_cohort_folder_has_its_pictures(tmp_path: Path) -> None:
    cohort = write_cohort(tmp_path / "cohort", 4)
    with pytest.raises(CohortError, match="which has its pictures: leave out --index"):
        read_patients(cohort, tmp_path / "I", None, _nobody)


def test_patients_of_a_flow(tmp_path: Path) -> None:
    write_included(tmp_path, table(study("A", 2)), [2, 2])
    found = read_patients(tmp_path, None, None, _nobody)
    assert found.worst_grades == {"A": 2}
    assert [one.picture_code for one in found.pictures] == [None, None]
