from __future__ import annotations

import numpy as np

from lumbargrade.grading.finding import ModelIdentity, StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import GradedStudy, SlicePicture


def test_grades_alone_can_be_written() -> None:
    """Grades read from a file have no pictures and no headers; the systems are the paper's."""
    grades = StudyGrades("1.2", "P", ModelIdentity("m", "1", "ab" * 32, "x"), "0", ())
    graded = GradedStudy(grades)
    assert (graded.pictures, dict(graded.references)) == ((), {})
    assert graded.systems is GRADING_SYSTEMS


def test_a_picture_is_known_by_series_instance_frame_and_file() -> None:
    geometry = SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1), 2, 2)
    pixels = np.zeros((2, 2), np.float32)
    picture = SlicePicture("1.2", "1.2.3", 4, "a.dcm", geometry, pixels, pixels, {})
    assert picture.identity == ("1.2", "1.2.3", 4, "a.dcm")
