"""A made-up study whose discs are graded on a sagittal slice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lumbargrade.grading.finding import DiscGrades, Finding, StudyGrades
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.grading.system import GRADING_SYSTEMS, SAGITTAL_SYSTEMS
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import GradedStudy, SagittalPicture

SHOWN = ("2.25.77", "2.25.777", 1, "sag/0003.dcm")
GEOMETRY = SliceGeometry((0.0, -100.0, 120.0), (0, 1, 0), (0, 0, -1), (1, 1), 240, 200)
FOUND = (
    Finding("PFIRRMANN", None, 3, (0.02, 0.08, 0.2, 0.6, 0.1), doubts=("part lies outside",)),
    Finding("PFIRRMANN", None, None, reason="graded on T2 only"),
)


def disc(number: int) -> DiscGrades:
    """One of two discs, the lower one graded."""
    z = 40.0 * number
    level = LevelAssignment((Level.L5_S1, Level.L4_L5)[number], LevelSource.SAGITTAL)
    corners = ((0.0, -20.0, z + 4), (0.0, 15.0, z + 3), (0.0, 15.0, z - 3), (0.0, -20.0, z - 5.5))
    return DiscGrades(*SHOWN, level, corners, 0.9, (FOUND[number],))


def with_discs(graded: GradedStudy) -> GradedStudy:
    """Return a study with these discs, and the sagittal slice that shows them."""
    grades: StudyGrades = replace(graded.grades, discs=(disc(0), disc(1)))
    pixels = np.zeros((240, 200), dtype=np.float32)
    systems = {**(graded.systems or GRADING_SYSTEMS), **SAGITTAL_SYSTEMS}
    picture = SagittalPicture(*SHOWN, GEOMETRY, pixels, "")
    return replace(graded, grades=grades, systems=systems, sagittal=picture)
