from __future__ import annotations

import csv
import random
import shutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image
from tests.made_up_measures import measures

from lumbargrade.batch.grade import GradeOptions, grade_studies
from lumbargrade.errors import BundleError, LumbargradeError, OutputError, StudyError
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

    def expects(self, studies: int) -> None:
        self.expected.append(studies)

    def graded(self, name: str, study: GradedStudy) -> None:
        self.calls.append((name, len(study.grades.slices)))
        self.warned[name] = study.grades.warnings

    def failed(self, name: str, error: LumbargradeError) -> None:
        self.calls.append((name, str(error)))


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
    assert notes.expected == [2]
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

    monkeypatch.setattr("lumbargrade.batch.grade.grade_study", measured)
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
    with pytest.raises(OutputError, match="files that lumbargrade did not write"):
        grade_studies(_inputs(cohort / "P2"), cohort, lambda: engine, GradeOptions(), Notes())


def test_the_options_hold_for_every_study(engine: Engine, cohort: Path, tmp_path: Path) -> None:
    options = GradeOptions(predict=PredictOptions((60, 50, 40, 60)), formats=("json",))
    out = tmp_path / "out"
    grade_studies(_inputs(cohort / "P1", cohort / "P3"), out, lambda: engine, options, Notes())
    for name in ("P1", "P3"):
        assert [path.name for path in (out / name).iterdir()] == ["grades.json"]
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
    assert sorted(path.name for path in (out / "slice").iterdir()) == ["grades.json"]
    assert sorted(path.name for path in (out / "P1").iterdir()) == ["grades.dcm", "grades.json"]


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
