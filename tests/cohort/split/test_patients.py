"""Whom to split, from a folder of either kind: each patient once, with their worst grade."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.index_rows import study, table, write_included
from tests.cohort.split.cohorts import write_cohort

from lumbargrade.archive.flow.included import read_included
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.split.patients import included_patients, patients_of, read_patients
from lumbargrade.errors import CohortError


def _nobody(*_: int) -> None:
    raise AssertionError("no picture is read")


def one(patient: str, external: bool = False, **grades: int | None) -> CohortSlice:
    return CohortSlice(
        patient_id=patient,
        file=Path("x.dcm"),
        series_instance_uid="1",
        sop_instance_uid="1.1",
        contrast="t2",
        level=None,
        disc_in_plane=None,
        center_px=None,
        grades=grades,
        scanner="s",
        external=external,
        age_years=None,
        sex="",
    )


def test_the_worst_known_grade_of_all_slices_counts() -> None:
    slices = (
        one("A", LDH=1, LCCS=None),
        one("A", LDH=0, LNRC_left=2),
        one("B", LDH=None),
        one("C", external=True, LDH=0),
        one("D"),
    )
    patients = patients_of(Cohort(Path("/data/mine"), False, slices, ""))
    assert patients.name == "mine"
    assert patients.worst_grades == {"A": 2, "B": None, "C": 0, "D": None}
    assert patients.external == {"C"}
    assert patients.pictures == slices


def test_patients_of_a_cohort_folder(tmp_path: Path) -> None:
    found = read_patients(write_cohort(tmp_path / "cohort", 4), None, None, _nobody)
    assert found.name == "cohort"
    assert found.worst_grades == {"P00001": 1, "P00002": 2, "P00003": 3, "P00004": 0}
    assert len(found.pictures) == 4


def test_a_cohort_folder_has_its_pictures(tmp_path: Path) -> None:
    cohort = write_cohort(tmp_path / "cohort", 4)
    with pytest.raises(CohortError, match="which holds its images: leave out --index"):
        read_patients(cohort, tmp_path / "I", None, _nobody)


def test_patients_of_a_flow(tmp_path: Path) -> None:
    write_included(tmp_path, table(study("A", 2)), [2, 2])
    found = read_patients(tmp_path, None, None, _nobody)
    assert found.worst_grades == {"A": 2}
    assert [one.picture_code for one in found.pictures] == [None, None]


def test_a_table_becomes_patients(tmp_path: Path) -> None:
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
