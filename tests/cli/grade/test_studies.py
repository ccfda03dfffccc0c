from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from types import ModuleType

import pytest

from lumbargrade.batch.landing import GradeOptions
from lumbargrade.cli.grade.said import Said, numbers_of
from lumbargrade.cli.grade.studies import grade_and_show, wanted
from lumbargrade.errors import OutputError, StudyError
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.read import ReadOptions


@pytest.fixture
def loaded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Future[Engine]:
    monkeypatch.setenv("COLUMNS", "200")
    done: Future[Engine] = Future()
    done.set_result(engine)
    return done


@pytest.fixture
def several(study: Path, tmp_path: Path) -> list[StudyInput]:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "x.dcm").write_bytes(b"no DICOM")
    return [StudyInput("A", (study,)), StudyInput("B", (tmp_path / "bad",))]


def _options(said: Said) -> GradeOptions:
    (arm,) = wanted([], [], Path("OUT"), said, numbers_of(said))[1]
    return arm.options


def test_what_a_command_line_asks_for() -> None:
    assert _options(Said()) == GradeOptions()
    given = _options(Said("1,2,3,4", "0.5", sr=True))
    assert given.predict == PredictOptions((1, 2, 3, 4))
    assert given.read == ReadOptions(pixel_spacing_mm=(0.5, 0.5))
    assert given.formats == ("json", "csv", "html", "sr")
    assert _options(Said(language="de")).language == "de"
    with pytest.raises(OutputError, match="of the report is not known: use en or de"):
        _options(Said(language="xx"))
    assert _options(Said(pixel_spacing="0.5,0.6")).read.pixel_spacing_mm == (0.5, 0.6)


def test_a_single_study_is_shown_slice_by_slice(
    loaded: Future[Engine], study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = [StudyInput("A", (study,))]
    assert grade_and_show(inputs, tmp_path / "out", loaded, GradeOptions()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "LNRC right" in lines[1]
    assert lines[-2].startswith("note: disc levels are unknown")
    assert lines[-1] == f"page: {tmp_path / 'out' / 'report.html'}"


def test_several_studies_are_a_line_each_and_failures_go_to_stderr(
    loaded: Future[Engine],
    several: list[StudyInput],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert grade_and_show(several, tmp_path / "out", loaded, GradeOptions()) == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "A: 3 slices, worst LDH 2, LCCS 0, LNRC left 1, LNRC right 3; 1 warning; levels unknown",
        f"all grades: {tmp_path / 'out' / 'predictions.csv'}",
    ]
    reason, total = shown.err.splitlines()
    assert reason.startswith("B: not graded: ")
    assert total == "1 of 2 studies could not be graded"


def test_several_studies_of_one_folder_are_a_line_each_with_their_date(
    loaded: Future[Engine],
    tiny: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    slices = [
        tiny.axial(0, StudyInstanceUID=f"1.2.{year}", StudyDate=f"{year}0506")
        for year in (2025, 2023, 2024)
    ]
    inputs = [StudyInput("A", (Path(tiny.write_study(tmp_path / "A", slices)),))]
    assert grade_and_show(inputs, tmp_path / "out", loaded, GradeOptions()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "A-1 (study of 2023-05-06)",
        "A-2 (study of 2024-05-06)",
        "A-3 (study of 2025-05-06)",
        "all grades",
    ]


def test_a_long_run_shows_its_progress(
    loaded: Future[Engine],
    several: list[StudyInput],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("lumbargrade.cli.progress.SHOWN_AFTER_S", 0.0)
    monkeypatch.setenv("FORCE_COLOR", "1")
    grade_and_show(several, tmp_path / "out", loaded, GradeOptions())
    shown = capsys.readouterr().out
    assert "Grading" in shown
    assert "2/2" in shown


def test_a_bar_is_gone_after_an_error(
    loaded: Future[Engine],
    several: list[StudyInput],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("lumbargrade.cli.progress.SHOWN_AFTER_S", 0.0)
    monkeypatch.setenv("FORCE_COLOR", "1")
    bad = StudyInput("C", several[1].paths)
    with pytest.raises(StudyError, match="none of 2 studies could be graded"):
        grade_and_show([several[1], bad], tmp_path / "out", loaded, GradeOptions())
    shown = capsys.readouterr().out
    hide, show = "\x1b[?25l", "\x1b[?25h"  # of the cursor
    assert shown.rindex(show) > shown.rindex(hide)


def test_what_cannot_be_printed_changes_nothing(
    several: list[StudyInput], bundle_folder: Path, tmp_path: Path, repository: Path
) -> None:
    """As ``lumbargrade grade ... | head -0`` does."""
    code = "from lumbargrade.cli.main import main; main()"
    call = [sys.executable, "-c", code, "grade", *(str(one.paths[0]) for one in several)]
    call += ["--model", str(bundle_folder), "--precision", "f32", "-o", str(tmp_path / "out")]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(call, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.returncode == 1  # one of the two studies holds nothing
    assert done.stderr.splitlines()[-1] == "1 of 2 studies could not be graded"
    assert (tmp_path / "out" / "predictions.csv").is_file()
    assert not (tmp_path / "out" / ".lumbargrade").exists()


def test_what_is_replaced_and_where_a_batch_goes_on_is_said(
    loaded: Future[Engine],
    several: list[StudyInput],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, options = tmp_path / "out", GradeOptions()
    with monkeypatch.context() as patch:
        patch.setattr("lumbargrade.batch.frame.write_all_tables", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            grade_and_show(several, out, loaded, options)
    capsys.readouterr()
    assert grade_and_show(several, out, loaded, options) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "going on: 1 of 2 studies are there, 1 could not be graded"
    )
    grade_and_show(several, out, loaded, options)
    assert capsys.readouterr().out.splitlines()[0].endswith("levels unknown; replaced")
    for said in (False, True):
        grade_and_show(several[:1], tmp_path / "one", loaded, options)
        shown = capsys.readouterr().out
        assert ("earlier results of this study were replaced" in shown) == said


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
