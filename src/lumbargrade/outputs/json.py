"""``grades.json``: the whole of the grades; ``grading.grades_json`` reads it back."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.grading import grades_json
from lumbargrade.study.graded import GradedStudy


def write(graded: GradedStudy, folder: Path) -> Path:
    """Write ``grades.json`` into an existing folder and return its path."""
    return grades_json.write(graded.grades, folder)
