from __future__ import annotations

from pathlib import Path

from lumbargrade.grading import grades_json
from lumbargrade.outputs import json
from lumbargrade.study.graded import GradedStudy


def test_the_file_is_the_one_that_evaluation_reads(graded: GradedStudy, tmp_path: Path) -> None:
    path = json.write(graded, tmp_path)
    assert path == tmp_path / "grades.json"
    assert grades_json.read(path) == graded.grades
