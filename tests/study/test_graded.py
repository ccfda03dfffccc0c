from __future__ import annotations

from lumbargrade.grading.finding import ModelIdentity, StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.study.graded import GradedStudy


def test_grades_alone_can_be_written() -> None:
    """Grades read from a file have no pictures and no headers; the systems are the paper's."""
    grades = StudyGrades("1.2", "P", ModelIdentity("m", "1", "ab" * 32, "x"), "0", ())
    graded = GradedStudy(grades)
    assert (graded.pictures, dict(graded.references)) == ((), {})
    assert graded.systems is GRADING_SYSTEMS
