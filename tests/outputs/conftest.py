"""A made-up study as outputs are given it."""

import pytest
from tests.made_up_grades import hostile_grades, pictures, study_grades
from tests.made_up_measures import measured_grades, outlined_pictures

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.study.graded import GradedStudy, SlicePicture

__all__ = [
    "graded",
    "hostile_grades",
    "measured",
    "measured_grades",
    "outlined_pictures",
    "pictures",
    "study_grades",
]


@pytest.fixture
def graded(study_grades: StudyGrades, pictures: tuple[SlicePicture, ...]) -> GradedStudy:
    return GradedStudy(study_grades, pictures)


@pytest.fixture
def measured(
    measured_grades: StudyGrades, outlined_pictures: tuple[SlicePicture, ...]
) -> GradedStudy:
    return GradedStudy(measured_grades, outlined_pictures)
