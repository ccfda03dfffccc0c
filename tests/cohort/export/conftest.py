"""A small cohort in memory, over pictures on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import write_study

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.grading.level import Level


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """Two patients: a slice with a box and all grades; one with a centre; one with nothing."""
    folder = tmp_path / "mine"

    def one(patient: str, key: str, number: int, **known: object) -> CohortSlice:
        usual: dict[str, object] = {
            "patient_id": patient,
            "file": folder / "studies" / patient / "axial_t2" / f"{number:04d}.dcm",
            "series_instance_uid": f"1.2.{key}.1",
            "sop_instance_uid": f"1.2.{key}.1.{number}",
            "contrast": "t2",
            "level": None,
            "disc_in_plane": None,
            "center_px": None,
            "grades": {},
            "scanner": "Maker One",
            "external": False,
            "age_years": 61.0,
            "sex": "F",
        }
        return CohortSlice(**(usual | known))  # type: ignore[arg-type]

    for patient, key in (("case1", "1"), ("case2", "2")):
        write_study(folder / "studies" / patient, patient, key)
    slices = (
        one(
            "case1",
            "1",
            2,
            level=Level.L4_L5,
            disc_in_plane=True,
            center_px=(19.5, 15.5),
            box_px=(9.5, 7.5, 20.0, 16.0),
            center_mm=(1.0, -2.0, 3.12345678),
            size_mm=(15.0, 14.4),
            grades={"LDH": 2, "LCCS": 0, "LNRC_left": 1, "LNRC_right": None},
        ),
        one("case2", "2", 4, center_px=(24.0, 20.0), grades={"LCCS": 3}, external=True),
        one("case2", "2", 1),
    )
    return Cohort(folder, False, slices, "")
