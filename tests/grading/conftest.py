"""Grades of a made-up study."""

from tests.made_up_grades import hostile_grades, pictures, study_grades
from tests.made_up_measures import measured_grades

__all__ = ["hostile_grades", "measured_grades", "pictures", "study_grades"]
