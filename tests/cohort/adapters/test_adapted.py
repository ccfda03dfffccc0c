"""What every adapter does: pictures once, labels as the set gives them, the rest counted."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pytest
from tests.archive.archive import write_study

from lumbargrade.cohort.adapters.adapted import AdaptedCohort, Label, write_labels
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.grading.level import Level
from lumbargrade.study.model import Study
from lumbargrade.study.read import read_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study", "ID1", "5")


@pytest.fixture
def study(folder: Path) -> Study:
    return read_study(folder)


def test_a_picture_is_taken_in_once(study: Study, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    cohort = AdaptedCohort(out, "test")
    slices = study.series[0].slices
    first = cohort.take(study, folder, "7", slices[:2])
    again = cohort.take(study, folder, "7", slices[1:4])
    assert [len(first), len(again)] == [2, 2]
    assert cohort.left_out == ["1 slices with a repeated SOP Instance UID"]
    cohort.add("7", first + again)
    cohort.finish()
    made = read_cohort(out).slices
    assert {one.sop_instance_uid for one in made} == {one.sop_instance_uid for one in slices[:4]}
    assert all(one.file.is_file() and one.file.parent == out / "studies" / "7" for one in made)


def test_what_was_left_out_is_counted_with_the_first_example(tmp_path: Path) -> None:
    cohort = AdaptedCohort(tmp_path, "test")
    cohort.leave_out("studies that cannot be read", example="a: is empty")
    cohort.leave_out("studies that cannot be read", example="b: is empty")
    cohort.leave_out("labels without a place", 0)
    assert cohort.left_out == ["2 studies that cannot be read, for example a: is empty"]
    with pytest.raises(
        CohortError,
        match="image of the data set could be imported: 2 studies that cannot be read",
    ):
        cohort.finish()


def test_a_set_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="data set could be imported: none was found"):
        AdaptedCohort(tmp_path, "test").finish()


def test_a_full_disk_is_one_line(
    study: Study, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    cohort = AdaptedCohort(tmp_path, "test")
    with pytest.raises(
        OutputError, match=r"0001\.dcm: cannot be copied into the cohort \(No space left .* -o on a"
    ):
        cohort.take(study, folder, "7", study.series[0].slices)


def test_an_unknown_grade_is_an_empty_cell_and_never_zero(tmp_path: Path) -> None:
    known = Label("7", Level.L4_L5, 2, "SPIDERSLIP", "", 0, "slip=0", x_px=1.5, y_px=0.0)
    unknown = Label("7", None, 6, "SPIDERSLIP", "", None, "slip=")
    write_labels([known, unknown], tmp_path / "labels.csv")
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["grade"], first["level"], first["y_px"]) == ("0", "L4/L5", "0.0")
    assert (second["grade"], second["level"], second["y_px"]) == ("", "", "")
