"""A made-up study as outputs are given it."""

import pytest
from tests.made_up_grades import hostile_grades, pictures, study_grades

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.study.graded import GradedStudy, SlicePicture

__all__ = ["graded", "hostile_grades", "pictures", "study_grades"]


@pytest.fixture
def graded(study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]) -> GradedStudy:
    return GradedStudy(study_grades, pictures)
