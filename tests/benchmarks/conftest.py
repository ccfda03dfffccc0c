from __future__ import annotations

from tests.inference.conftest import bundle_folder, engine, tiny
from tests.made_up_grades import study_grades

__all__ = ["bundle_folder", "engine", "study_grades", "tiny"]
