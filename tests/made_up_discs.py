"""Discs of a made-up sagittal slice, and its picture."""

from __future__ import annotations

import numpy as np

from lumbargrade.grading.finding import DiscGrades, Finding
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture

SAGITTAL = SliceGeometry((2.0, -100.0, 140.0), (0, 1, 0), (0, 0, -1), (1.0, 1.0), 280, 200)
"""Anterior on the left, the head at the top: column 0 is y = -100, row 0 is z = 140."""


def disc(level: Level | None, *findings: Finding, z: float = 0.0) -> DiscGrades:
    """A disc 35 mm deep and 8 mm high, whose middle lies at height ``z``."""
    return DiscGrades(
        series_instance_uid="1.2.9",
        sop_instance_uid="1.2.9.1",
        frame_number=1,
        source_file="sagittal/0001.dcm",
        level=LevelAssignment(level, LevelSource.SAGITTAL),
        corners_mm=(
            (2.0, -40.0, z + 4),
            (2.0, -5.0, z + 4),
            (2.0, -5.0, z - 4),
            (2.0, -40.0, z - 4),
        ),
        confidence=0.9,
        findings=findings,
    )


def sagittal(frame_of_reference_uid: str = "") -> SagittalPicture:
    """The picture of the slice on which they lie."""
    return SagittalPicture(
        series_instance_uid="1.2.9",
        sop_instance_uid="1.2.9.1",
        frame_number=1,
        source_file="sagittal/0001.dcm",
        geometry=SAGITTAL,
        pixels=np.random.default_rng(5).random((280, 200), dtype=np.float32),
        frame_of_reference_uid=frame_of_reference_uid,
    )
