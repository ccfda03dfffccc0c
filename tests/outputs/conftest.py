"""Grades of a made-up study."""

from tests.made_up_grades import hostile_grades, pictures, study_grades

__all__ = ["hostile_grades", "pictures", "study_grades"]
