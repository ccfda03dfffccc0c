from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.grading import grades_json
from lumbargrade.outputs import write as outputs
from lumbargrade.outputs.write import write, write_files
from lumbargrade.study.graded import GradedStudy


def test_all_default_formats_at_once(graded: GradedStudy, tmp_path: Path) -> None:
    paths = write(graded, tmp_path / "out")
    assert [path.name for path in paths] == ["grades.json", "grades.csv", "report.html"]
    assert all(path.is_file() for path in paths)
    assert grades_json.read(paths[0]) == graded.grades
    assert "data:image/png" in paths[2].read_text(encoding="utf-8")


def test_measures_have_a_table_beside_that_of_the_grades(
    measured: GradedStudy, tmp_path: Path
) -> None:
    paths = write(measured, tmp_path / "out")
    assert [path.name for path in paths] == [
        "grades.json",
        "grades.csv",
        "measures.csv",
        "report.html",
    ]
    assert all(path.is_file() for path in paths)


def test_the_page_is_written_in_the_language_that_is_named(
    graded: GradedStudy, tmp_path: Path
) -> None:
    (path,) = write(graded, tmp_path / "out", ("html",), "de")
    assert '<html lang="de">' in path.read_text(encoding="utf-8")
    with pytest.raises(OutputError, match="of the report is not known: use en or de"):
        write(graded, tmp_path / "other", ("html",), "xx")


def test_the_folder_may_be_named_by_text(
    graded: GradedStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert write(graded, "out", ["csv"]) == (Path("out/grades.csv"),)
    assert (tmp_path / "out" / "grades.csv").is_file()


def test_only_the_formats_that_are_named(graded: GradedStudy, tmp_path: Path) -> None:
    (path,) = write(graded, tmp_path / "out", formats=("csv",))
    assert path == tmp_path / "out" / "grades.csv"
    assert not (tmp_path / "out" / "report.html").exists()


def test_the_structured_report_is_one_of_the_formats(graded: GradedStudy, tmp_path: Path) -> None:
    assert "sr" not in outputs.DEFAULT_FORMATS
    with pytest.raises(OutputError, match="has no DICOM header to reference"):
        write(graded, tmp_path / "out", ("sr",))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("formats", [("sr", "json", "csv", "html"), ("json", "csv", "html", "sr")])
def test_a_report_that_fails_leaves_the_other_files_and_they_say_why(
    graded: GradedStudy, tmp_path: Path, formats: tuple[str, ...]
) -> None:
    written = write_files(graded, tmp_path, formats)
    assert [path.name for path in written.paths] == ["grades.json", "grades.csv", "report.html"]
    *_, warning = written.graded.grades.warnings
    assert warning.startswith("no structured report was written: slice axial/0001.dcm has no DICOM")
    assert grades_json.read(tmp_path / "grades.json") == written.graded.grades
    assert warning in (tmp_path / "grades.csv").read_text(encoding="utf-8")
    assert warning[1:] in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_highdicom_is_loaded_for_a_structured_report_only() -> None:
    code = "import sys, lumbargrade.outputs.write; print('highdicom' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_unknown_format_is_refused(graded: GradedStudy, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="format 'pdf' is not known: use json, csv, html, sr"):
        write(graded, tmp_path / "out", formats=("json", "pdf"))
    assert not (tmp_path / "out").exists()


def test_a_writer_that_fails_leaves_nothing(
    graded: GradedStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setitem(outputs.FORMATS, "csv", fail)
    with pytest.raises(OutputError, match="Input/output error"):
        write(graded, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_files_may_go_into_a_folder_that_is_there(graded: GradedStudy, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    written = write_files(graded, tmp_path, ("json",))
    assert written.paths == (tmp_path / "grades.json",)
    assert written.graded == graded


@pytest.mark.parametrize("error", [KeyError("Doe^Jane"), ValueError("wrong VR")])
def test_a_report_that_breaks_off_leaves_no_half_and_names_nobody(
    graded: GradedStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_: GradedStudy, folder: Path, __: str) -> tuple[Path, ...]:
        (folder / "grades.dcm").write_bytes(b"half")
        raise error

    monkeypatch.setitem(outputs.FORMATS, "sr", fail)
    written = write_files(graded, tmp_path, ("json", "csv", "html", "sr"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "grades.csv", "grades.json", "report.html",
    ]  # fmt: skip
    *_, warning = written.graded.grades.warnings
    assert warning == (
        f"no structured report was written: its library failed ({type(error).__name__}): export "
        "the original DICOM files"
    )


def test_another_study_does_not_give_way(graded: GradedStudy, tmp_path: Path) -> None:
    write(graded, tmp_path / "out")
    other = replace(graded, grades=replace(graded.grades, patient_id="another"))
    with pytest.raises(OutputError, match="holds the grades of another study and is left as it is"):
        write(other, tmp_path / "out")
    assert write(graded, tmp_path / "out", ("csv",)) == (tmp_path / "out" / "grades.csv",)
    assert not (tmp_path / "out" / "report.html").exists()
