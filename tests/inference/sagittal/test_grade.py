"""Discs of the sagittal series among the grades of a study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.inference.sagittal.spines import disc_at

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.inference.sagittal.grade import disc_grades
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture

PICTURE = SagittalPicture(
    "1.2",
    "1.2.3",
    1,
    "sag.dcm",
    SliceGeometry((0, 0, 0), (0, 1, 0), (0, 0, -1), (1, 1), 4, 4),
    np.zeros((4, 4), dtype=np.float32),
    "1.9",
)
SPINE = SpineDiscs((disc_at((0, 0, 0)), disc_at((0, 2, 35), count=1)), "1.9", picture=PICTURE)
LEVELS = (LevelAssignment(Level.L5_S1, LevelSource.SAGITTAL), LevelAssignment())


def test_each_disc_has_its_level_and_its_corners() -> None:
    first, second = disc_grades(SPINE, LEVELS)
    assert (first.level, second.level) == LEVELS
    assert first.identity == second.identity == PICTURE.identity
    assert np.array(second.corners_mm) == pytest.approx(SPINE.discs[1].corners_mm)
    assert second.confidence == 1.0


def test_without_a_picture_there_are_none() -> None:
    assert disc_grades(replace(SPINE, picture=None), LEVELS) == ()
