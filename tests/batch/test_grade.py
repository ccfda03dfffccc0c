from __future__ import annotations

import csv
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image
from tests.made_up_measures import measures

from lumbargrade.batch.grade import grade_studies
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.errors import BundleError, OutputError, StudyError
from lumbargrade.evaluation.predictions import read_predictions
from lumbargrade.files.staging import staged
from lumbargrade.grading.grades_json import read
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions, grade_study
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.inputs import StudyInput, list_studies
from lumbargrade.study.model import Study
from lumbargrade.study.read import ReadOptions


class Notes:
    """Keeps what a watcher is called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []
        self.expected: list[int] = []
        self.warned: dict[str, tuple[str, ...]] = {}
        self.replaced: list[str] = []

    def expects(self, studies: int) -> None:
        self.expected.append(studies)

    def goes_on(self, studies: int, failures: int) -> None:
        self.calls.append(("goes on", (studies, failures)))

    def done(self, one: Landed) -> None:
        if one.grades is None:
            self.calls.append((one.told, one.reason))
            return
        self.calls.append((one.told, len(one.grades.slices)))
        self.warned[one.name] = one.grades.warnings
        self.replaced += [one.name] if one.replaced else []


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _content(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }


def _inputs(*folders: Path) -> tuple[StudyInput, ...]:
    return list_studies(folders)


def test_a_single_study_fills_the_folder_itself(
    engine: Engine, cohort: Path, tmp_path: Path
) -> None:
    notes, out = Notes(), tmp_path / "out"
    done = grade_studies(_inputs(cohort / "P1"), out, lambda: engine, GradeOptions(), notes)
    assert (done.overview, done.failures) == (out / "report.html", {})
    assert notes.calls == [("P1", 2)]
    assert sorted(path.name for path in out.iterdir()) == [
        ".lumbargrade.json", "grades.csv", "grades.json", "report.html",
    ]  # fmt: skip


def test_each_of_several_studies_has_a_folder_and_is_reported(
    engine: Engine, cohort: Path, tmp_path: Path
) -> None:
    notes, out = Notes(), tmp_path / "out"
    inputs = _inputs(*(cohort / name for name in ("P1", "P2", "P3")))
    done = grade_studies(inputs, out, lambda: engine, GradeOptions(), notes)
    assert done.overview == out / "predictions.csv"
    assert list(done.failures) == ["P2"]
    assert notes.calls == [("P1", 2), ("P2", done.failures["P2"]), ("P3", 2)]
    assert sorted(path.name for path in out.iterdir()) == [
        ".lumbargrade.json", "P1", "P3", "predictions.csv",
    ]  # fmt: skip
    with done.overview.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (rows[-1]["study"], rows[-1]["reason"]) == ("P2", done.failures["P2"])


def two_in_one(tiny: ModuleType, folder: Path, **second: object) -> Path:
    """Write a study of 2025 and one of 2024 into one folder."""
    old: dict[str, object] = {
        "StudyInstanceUID": "1.2.24",
        "SeriesInstanceUID": "1.2.24.1",
        "StudyDate": "20240101",
    }
    slices = [tiny.axial(number, StudyDate="20250203") for number in range(2)]
    return Path(tiny.write_study(folder, [*slices, tiny.axial(0, **{**old, **second})]))


@pytest.mark.parametrize("second", [{}, {"PatientID": "OTHER"}, {"StudyDate": ""}])
def test_one_folder_of_several_studies_is_graded_study_by_study(
    engine: Engine, tiny: ModuleType, tmp_path: Path, second: dict[str, str]
) -> None:
    notes, out = Notes(), tmp_path / "out"
    inputs = _inputs(two_in_one(tiny, tmp_path / "exam", **second))
    done = grade_studies(inputs, out, lambda: engine, GradeOptions(), notes)
    date = "no date" if second.get("StudyDate") == "" else "2024-01-01"
    assert (done.overview, done.studies, done.failures) == (out / "predictions.csv", 2, {})
    assert notes.expected == [1, 2]
    assert notes.calls == [
        (f"exam-1 (study of {date})", 1),
        ("exam-2 (study of 2025-02-03)", 2),
    ]
    for name, uid, count in (("exam-1", "1.2.24", 1), ("exam-2", "1.2.826.0.1.3680043.8.498.7", 2)):
        grades = read(out / name / "grades.json")
        assert (grades.study_instance_uid, len(grades.slices)) == (uid, count)
        assert "one of 2 studies that lay together" in grades.warnings[0]
    assert f"of {date} (for example 0002.dcm)" in read(out / "exam-1" / "grades.json").warnings[0]
    with done.overview.open(newline="") as stream:
        assert {row["study"] for row in csv.DictReader(stream)} == {"exam-1", "exam-2"}


def test_a_bad_study_of_a_folder_does_not_stop_the_other(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    notes, out = Notes(), tmp_path / "out"
    sagittal = {"ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}
    inputs = _inputs(two_in_one(tiny, tmp_path / "exam", **sagittal))
    done = grade_studies(inputs, out, lambda: engine, GradeOptions(), notes)
    assert list(done.failures) == ["exam-1"]
    assert [name for name, _ in notes.calls] == [
        "exam-1 (study of 2024-01-01)", "exam-2 (study of 2025-02-03)",
    ]  # fmt: skip
    assert not (out / "exam-1").exists()
    assert len(read(out / "exam-2" / "grades.json").slices) == 2


def test_where_no_study_of_a_folder_can_be_graded_nothing_is_written(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    t1 = {"EchoTime": 10, "RepetitionTime": 550}
    first, second = tiny.axial(0, **t1), tiny.axial(0, StudyInstanceUID="1.2.24", **t1)
    folder = Path(tiny.write_study(tmp_path / "exam", [first, second]))
    with pytest.raises(StudyError, match="none of 2 studies could be graded, for example exam-1"):
        grade_studies(_inputs(folder), tmp_path / "o", lambda: engine, GradeOptions(), Notes())
    assert not (tmp_path / "o").exists()


def test_folders_of_several_studies_beside_others(
    engine: Engine, cohort: Path, tiny: ModuleType, tmp_path: Path
) -> None:
    notes, out = Notes(), tmp_path / "out"
    # One of the inputs has the name that a study of the other would get.
    taken = cohort / "P1-1"
    (cohort / "P3").rename(taken)
    two_in_one(tiny, cohort / "P1")
    inputs = _inputs(cohort / "P1", cohort / "P2", taken)
    done = grade_studies(inputs, out, lambda: engine, GradeOptions(formats=("json",)), notes)
    assert (done.studies, list(done.failures), notes.expected) == (4, ["P2"], [3, 4])
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == ["P1-1", "P1-2", "P1-3"]
    assert [name for name, _ in notes.calls] == [
        "P1-2 (study of 2024-01-01)", "P1-3 (study of 2025-02-03)", "P2", "P1-1",
    ]  # fmt: skip


def test_names_of_folders_never_come_out_of_headers(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    hostile = {"PatientID": "../../up", "StudyID": "../../up", "PatientName": "../../up"}
    out = tmp_path / "a" / "b" / "out"
    inputs = _inputs(two_in_one(tiny, tmp_path / "exam", **hostile))
    grade_studies(inputs, out, lambda: engine, GradeOptions(formats=("json",)), Notes())
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == ["exam-1", "exam-2"]


def test_the_measures_of_all_studies_are_in_one_table(
    engine: Engine, cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured(study: Study, engine: Engine, options: PredictOptions) -> GradedStudy:
        graded = grade_study(study, engine, options)
        slices = tuple(replace(item, measures=measures()) for item in graded.grades.slices)
        return replace(graded, grades=replace(graded.grades, slices=slices))

    monkeypatch.setattr("lumbargrade.batch.landing.grade_study", measured)
    inputs, out = _inputs(cohort / "P1", cohort / "P3"), tmp_path / "out"
    grade_studies(inputs, out, lambda: engine, GradeOptions(formats=("csv",)), Notes())
    with (out / "measures.csv").open(newline="") as stream:
        assert {row["study"] for row in csv.DictReader(stream)} == {"P1", "P3"}
    assert (out / "P1" / "measures.csv").is_file()


def test_a_single_study_that_fails_is_an_error(
    engine: Engine, cohort: Path, tmp_path: Path
) -> None:
    notes, out = Notes(), tmp_path / "out"
    with pytest.raises(StudyError, match="no DICOM image"):
        grade_studies(_inputs(cohort / "P2"), out, lambda: engine, GradeOptions(), notes)
    assert (notes.calls, out.exists()) == ([], False)


def test_where_no_study_can_be_graded_nothing_is_written(
    engine: Engine, cohort: Path, tmp_path: Path
) -> None:
    inputs = (StudyInput("A", (cohort / "P2",)), StudyInput("B", (cohort / "P2",)))
    with pytest.raises(StudyError, match="none of 2 studies could be graded, for example A: "):
        grade_studies(inputs, tmp_path / "out", lambda: engine, GradeOptions(), Notes())
    assert not (tmp_path / "out").exists()


def test_a_single_study_is_read_before_the_engine_is_waited_for(
    cohort: Path, tmp_path: Path
) -> None:
    def refuse() -> Engine:
        raise BundleError("no model")

    with pytest.raises(StudyError, match="no DICOM image"):
        grade_studies(_inputs(cohort / "P2"), tmp_path / "o", refuse, GradeOptions(), Notes())
    with pytest.raises(BundleError, match="no model"):
        grade_studies(_inputs(cohort / "P1"), tmp_path / "o", refuse, GradeOptions(), Notes())


def test_the_folder_is_checked_before_anything_is_read(
    engine: Engine, cohort: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.doc").write_text("mine")
    for inputs in (_inputs(cohort / "P2"), _inputs(cohort / "P2", cohort / "P1")):
        with pytest.raises(OutputError, match="files that lumbargrade did not write"):
            grade_studies(inputs, tmp_path / "out", lambda: engine, GradeOptions(), Notes())
    assert _names(tmp_path / "out") == ["thesis.doc"]


def test_the_options_hold_for_every_study(engine: Engine, cohort: Path, tmp_path: Path) -> None:
    options = GradeOptions(predict=PredictOptions((60, 50, 40, 60)), formats=("json",))
    out = tmp_path / "out"
    grade_studies(_inputs(cohort / "P1", cohort / "P3"), out, lambda: engine, options, Notes())
    for name in ("P1", "P3"):
        # The table of all studies is made of those of each.
        assert _names(out / name) == [".lumbargrade.json", "grades.csv", "grades.json"]
        assert read(out / name / "grades.json").slices[0].region.source == "user box"


def test_a_study_without_a_structured_report_is_graded_and_says_so(
    engine: Engine, tiny: ModuleType, cohort: Path, tmp_path: Path
) -> None:
    """A picture has no header to which a structured report could refer."""
    picture = tmp_path / "slice.png"
    Image.fromarray((tiny.blob_picture((88, 90)) // 4).astype(np.uint8)).save(picture)
    options = GradeOptions(ReadOptions(pixel_spacing_mm=(1.0, 1.0)), formats=("json", "sr"))
    notes, out = Notes(), tmp_path / "out"
    done = grade_studies(_inputs(picture, cohort / "P1"), out, lambda: engine, options, notes)
    assert done.failures == {}
    *_, warning = read(out / "slice" / "grades.json").warnings
    assert "has no DICOM header to reference" in warning
    # The watcher is told what the files say.
    assert notes.warned["slice"][-1] == warning
    common = [".lumbargrade.json", "grades.csv"]
    assert _names(out / "slice") == [*common, "grades.json"]
    assert _names(out / "P1") == [*common, "grades.dcm", "grades.json"]


def test_studies_are_not_replaced_by_their_grades(
    engine: Engine, cohort: Path, tmp_path: Path
) -> None:
    with staged(tmp_path / "COHORT") as folder:  # as `cohort import` makes it
        shutil.copytree(cohort, folder, dirs_exist_ok=True)
    before = sorted((tmp_path / "COHORT").rglob("*"))
    inputs = _inputs(tmp_path / "COHORT" / "P1", tmp_path / "COHORT" / "P2")
    with pytest.raises(OutputError, match="which is read and would be replaced"):
        grade_studies(inputs, tmp_path / "COHORT", lambda: engine, GradeOptions(), Notes())
    assert sorted((tmp_path / "COHORT").rglob("*")) == before


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_same_study_gives_the_same_bytes_in_any_order_of_its_files(
    engine: Engine, cohort: Path, tmp_path: Path, seed: int | None
) -> None:
    files = sorted((cohort / "P1").rglob("*.dcm"))
    other = list(files)
    if seed is not None:
        random.Random(seed).shuffle(other)
        assert other != files
    options = GradeOptions(formats=("json", "csv", "html", "sr"))
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder, order in zip(folders, (files, other), strict=True):
        study = StudyInput("P1", tuple(order))
        grade_studies([study], folder, lambda: engine, options, Notes())
    first, second = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders
    )
    assert {"grades.json", "grades.csv", "report.html", "grades.dcm"} <= set(first)
    assert first == second


class Interrupts(Notes):
    """Interrupts the batch when so many studies are done."""

    def __init__(self, studies: int) -> None:
        super().__init__()
        self.studies = studies

    def done(self, one: Landed) -> None:
        super().done(one)
        if len(self.calls) == self.studies:
            raise KeyboardInterrupt


@pytest.fixture
def six(tiny: ModuleType, cohort: Path) -> tuple[StudyInput, ...]:
    """P1 to P4, of which P2 cannot be read and P4 holds three studies."""
    slices = [
        tiny.axial(0, StudyInstanceUID=f"1.2.{year}", StudyDate=f"{year}0506")
        for year in (2023, 2024, 2025)
    ]
    tiny.write_study(cohort / "P4", slices)
    return _inputs(*(cohort / f"P{number}" for number in (1, 2, 3, 4)))


@pytest.mark.parametrize("studies", [1, 2, 3, 4, 5, 6])
def test_a_batch_that_is_interrupted_goes_on_and_ends_as_if_it_had_not_been(
    engine: Engine, six: tuple[StudyInput, ...], tmp_path: Path, studies: int
) -> None:
    whole, out, options = tmp_path / "whole", tmp_path / "out", GradeOptions()
    first = grade_studies(six, whole, lambda: engine, options, Notes())
    with pytest.raises(KeyboardInterrupt):
        grade_studies(six, out, lambda: engine, options, Interrupts(studies))
    kept = {name: data for name, data in _content(out).items() if "journal" not in name}
    assert kept.items() <= _content(whole).items()  # nothing half, no draft
    notes = Notes()
    done = grade_studies(six, out, lambda: engine, options, notes)
    failed, again = int(studies > 2), int(studies == 2)  # P2 had failed, but was not noted as done
    assert notes.calls[0] == ("goes on", (studies - failed - again, failed))
    assert len(notes.calls) - 1 == 6 - studies + again
    assert notes.replaced == []
    assert notes.expected[-1] == 6
    assert _content(out) == _content(whole)
    assert (done.studies, done.failures) == (first.studies, first.failures)


def test_a_batch_that_is_done_is_graded_anew_and_says_what_it_replaces(
    engine: Engine, six: tuple[StudyInput, ...], tmp_path: Path
) -> None:
    out, notes = tmp_path / "out", Notes()
    grade_studies(six, out, lambda: engine, GradeOptions(), Notes())
    before = _content(out)
    grade_studies(six, out, lambda: engine, GradeOptions(), notes)
    assert notes.replaced == ["P1", "P3", "P4-1", "P4-2", "P4-3"]
    assert _content(out) == before


def test_studies_of_earlier_runs_stay_and_are_in_the_tables(
    engine: Engine, tiny: ModuleType, cohort: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for name in ("Q1", "Q2", "Q3"):
        tiny.write_study(cohort / name, [tiny.axial(0, PatientID=name)])
    runs = (["P1"], ["Q1"], ["P1"], ["Q2", "Q3", "P2"], ["Q1"])
    overviews, replaced = [], []
    for names in runs:
        notes = Notes()
        inputs = _inputs(*(cohort / name for name in names))
        done = grade_studies(inputs, out, lambda: engine, GradeOptions(), notes)
        overviews.append(done.overview.relative_to(out).as_posix())
        replaced += notes.replaced
    assert overviews == [
        "report.html", "Q1/report.html", "report.html", "predictions.csv", "Q1/report.html",
    ]  # fmt: skip
    assert replaced == ["P1", "Q1"]
    with (out / "predictions.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["study"] for row in rows} == {"P1", "Q1", "Q2", "Q3", "P2"}
    assert [row["study"] for row in rows if row["status"] == "study failed"] == ["P2"]
    assert len(read_predictions(out)) == 4
    assert not (out / ".lumbargrade").exists()


def test_a_fault_of_the_program_in_a_single_study_is_one_line(
    engine: Engine, cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("Doe^Jane")

    for name in ("grade.read_studies", "landing.grade_study"):
        with monkeypatch.context() as patch:
            patch.setattr(f"lumbargrade.batch.{name}", fail)
            with pytest.raises(StudyError, match="unexpected KeyError in test_grade"):
                grade_studies(
                    _inputs(cohort / "P1"), tmp_path / "o", lambda: engine, GradeOptions(), Notes()
                )
    assert not (tmp_path / "o").exists()


def test_a_full_disk_keeps_what_is_there_and_the_batch_goes_on_later(
    engine: Engine, six: tuple[StudyInput, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.fsync, 8

    def fill(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fill)
        with pytest.raises(OutputError, match="No space left on device"):
            grade_studies(six, tmp_path / "out", lambda: engine, GradeOptions(), Notes())
    assert not any("draft" in name for name in _content(tmp_path / "out"))
    notes = Notes()
    grade_studies(six, tmp_path / "out", lambda: engine, GradeOptions(), notes)
    assert notes.calls[0][0] == "goes on"
    grade_studies(six, tmp_path / "whole", lambda: engine, GradeOptions(), Notes())
    assert _content(tmp_path / "out") == _content(tmp_path / "whole")


KILLED = """
import os, sys
from pathlib import Path
from lumbargrade.batch.grade import grade_studies
from lumbargrade.batch.landing import GradeOptions
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.study.inputs import list_studies
from tests.batch.test_grade import Notes

left, rename = int(sys.argv[1]), os.rename

def killed(*arguments, **options):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), 9)
    return rename(*arguments, **options)

os.rename = killed
engine = Engine(load_bundle(Path(sys.argv[2])), "f32")
grade_studies(
    list_studies([Path(one) for one in sys.argv[4:]]), Path(sys.argv[3]), lambda: engine,
    GradeOptions(), Notes(),
)
"""


@pytest.mark.parametrize("renames", [0, 1, 3, 6])
def test_after_a_kill_the_same_command_ends_the_batch(
    engine: Engine,
    bundle_folder: Path,
    six: tuple[StudyInput, ...],
    tmp_path: Path,
    repository: Path,
    renames: int,
) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    paths = [str(one.paths[0]) for one in six]
    call = [sys.executable, "-c", KILLED, str(renames), str(bundle_folder), str(out), *paths]
    assert subprocess.run(call, cwd=repository, check=False).returncode == -signal.SIGKILL
    grade_studies(six, out, lambda: engine, GradeOptions(), Notes())
    grade_studies(six, whole, lambda: engine, GradeOptions(), Notes())
    assert _content(out) == _content(whole)
