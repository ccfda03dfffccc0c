from __future__ import annotations

from tests.made_up_grades import study_grades

__all__ = ["study_grades"]
