"""Slices of an import: taken in with their series, and described by what was found."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.archive.archive import GEOMETRIES

from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.boxes import BoxRow
from lumbargrade.cohort.imports.reference import ReferenceRule
from lumbargrade.cohort.imports.slices import write_slices
from lumbargrade.cohort.imports.studies import ReadStudy
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.grading.finding import Side
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey

SOP = "1.2.1.1.2"


@pytest.fixture
def known(drafts: StudyDrafts) -> StudyDrafts:
    """A box and grades on the second slice."""
    key = SliceKey(sop=SOP)
    drafts.add_boxes([BoxRow("b row 2", key, (9.5, 7.5, 20.0, 16.0))])
    drafts.add_grades([Reading("g row 2", "", key, None, "LDH", None, 1)])
    drafts.settle(ReferenceRule(()))
    return drafts


def reading(output: str, grade: int | None) -> Reading:
    system, _, side = output.partition("_")
    return Reading(
        "g row 2", "", SliceKey(sop=SOP), None, system, Side(side) if side else None, grade
    )


def test_the_whole_series_is_taken_in_and_the_graded_slice_described(
    read_case: ReadStudy, known: StudyDrafts, tmp_path: Path
) -> None:
    (one,) = write_slices(
        tmp_path / "out" / "studies" / "case1", "P1", read_case, known, external=True
    )
    assert len(list((tmp_path / "out" / "studies" / "case1").rglob("*.dcm"))) == 6
    assert one.file == tmp_path / "out" / "studies" / "case1" / "01" / "0002.dcm"
    assert (one.patient_id, one.sop_instance_uid, one.external) == ("P1", SOP, True)
    assert (one.center_px, one.box_px) == ((19.5, 15.5), (9.5, 7.5, 20.0, 16.0))
    assert one.center_mm == pytest.approx(GEOMETRIES[1].to_patient(19.5, 15.5), abs=1e-3)
    assert one.size_mm == pytest.approx((20 * 0.75, 16 * 0.9))
    assert (one.age_years, one.sex, one.field_strength_t) == (61, "F", 1.5)


@pytest.mark.parametrize(
    ("output", "grade", "disc"),
    [("LDH", 0, True), ("LNRC_left", 2, True), ("LCCS", 2, None), ("LDH", None, None)],
)
def test_a_grade_that_only_a_disc_has_shows_a_disc(
    read_case: ReadStudy,
    drafts: StudyDrafts,
    tmp_path: Path,
    output: str,
    grade: int | None,
    disc: bool | None,
) -> None:
    drafts.add_grades([reading(output, grade)])
    drafts.settle(ReferenceRule(()))
    (one,) = write_slices(tmp_path / "studies" / "s", "P1", read_case, drafts, external=False)
    assert one.disc_in_plane is disc
    assert one.grades == {output: grade}
    assert (one.center_px, one.box_px, one.center_mm, one.size_mm) == (None,) * 4


def test_what_a_cohort_knew_stays_where_nothing_new_is_said(
    read_case: ReadStudy, known: StudyDrafts, tmp_path: Path
) -> None:
    (before,) = write_slices(
        tmp_path / "a" / "studies" / "s", "P1", read_case, known, external=True
    )
    before = replace(before, age_years=33, disc_in_plane=False, scanner="old")
    again = StudyDrafts(read_case.material, {SOP: before}, Faults())
    again.add_grades([reading("LCCS", 3)])
    again.settle(ReferenceRule(()))
    (one,) = write_slices(tmp_path / "b" / "studies" / "s", "P1", read_case, again, external=False)
    assert one.grades == {"LDH": 1, "LCCS": 3}
    assert (one.box_px, one.external, one.age_years) == (before.box_px, True, 33)
    assert (one.scanner, one.disc_in_plane) == ("old", True)


def test_a_file_that_is_not_there_is_told(
    read_case: ReadStudy, known: StudyDrafts, tmp_path: Path
) -> None:
    read_case.material.candidates[0].path.unlink()
    with pytest.raises(
        CohortError,
        match=r"case1/axial_t2/0001\.dcm: lies in a zip or has an unprintable name",
    ):
        write_slices(tmp_path / "studies" / "s", "P1", read_case, known, external=False)


def test_a_full_disk_is_one_line(
    read_case: ReadStudy, known: StudyDrafts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OutputError, match=r"cannot be copied into the cohort \(No space left on"):
        write_slices(tmp_path / "studies" / "s", "P1", read_case, known, external=False)
