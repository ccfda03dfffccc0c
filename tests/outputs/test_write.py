from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.grading import grades_json as json
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs import csv
from lumbargrade.outputs.write import write
from lumbargrade.study.slice_picture import SlicePicture


def test_all_formats_at_once(
    study_grades: StudyGrades, pictures: tuple[SlicePicture, ...], tmp_path: Path
) -> None:
    paths = write(study_grades, tmp_path / "out", pictures=pictures)
    assert [path.name for path in paths] == ["grades.json", "grades.csv", "report.html"]
    assert all(path.is_file() for path in paths)
    assert json.read(paths[0]) == study_grades


def test_only_what_was_asked_for(study_grades: StudyGrades, tmp_path: Path) -> None:
    (path,) = write(study_grades, tmp_path / "out", formats=("csv",))
    assert path == tmp_path / "out" / "grades.csv"
    assert not (tmp_path / "out" / "report.html").exists()


def test_an_unknown_format_is_told(study_grades: StudyGrades, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="format 'pdf' is not known: use json, csv, html"):
        write(study_grades, tmp_path / "out", formats=("json", "pdf"))
    assert not (tmp_path / "out").exists()


def test_a_writer_that_fails_leaves_nothing(
    study_grades: StudyGrades, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(csv, "write", fail)
    with pytest.raises(OutputError, match="Input/output error"):
        write(study_grades, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
