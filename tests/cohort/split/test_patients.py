"""Whom a split assigns: each patient once, with their worst grade."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.split.patients import patients_of


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
