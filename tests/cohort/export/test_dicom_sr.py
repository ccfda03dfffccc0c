"""Reference grades as structured reports: one a study, read back as they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from lumbargrade.cohort.export import dicom_sr
from lumbargrade.cohort.read import Cohort
from lumbargrade.errors import CohortError
from lumbargrade.outputs.dicom import sr


def test_one_report_a_study_with_its_grades_and_its_patient(cohort: Cohort, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    paths = dicom_sr.write(cohort, tmp_path, lambda *done: heard.append(done))
    assert [path.name for path in paths] == ["case1.dcm", "case2.dcm"]
    assert heard == [(1, 2), (2, 2)]
    found = [(one.system, one.side, one.grade, one.level) for one in sr.read(paths[0])]
    assert [one[:3] for one in found] == [
        ("LDH", None, 2),
        ("LCCS", None, 0),
        ("LNRC", "left", 1),
        ("LNRC", "right", None),
    ]
    assert {str(one[3]) for one in found} == {"L4/L5"}
    header = pydicom.dcmread(paths[1])
    assert (header.Modality, header.PatientID) == ("SR", "case2")
    assert header.StudyInstanceUID == "1.2.2"


def test_a_box_is_reported_and_a_centre_is_none(cohort: Cohort, tmp_path: Path) -> None:
    first, second = dicom_sr.write(cohort, tmp_path)
    assert sr.read(first)[0].box == pytest.approx((9.5, 7.5, 20, 16), abs=2e-3)
    assert {one.box for one in sr.read(second)} == {None}


def test_two_studies_of_a_patient_are_two_reports(cohort: Cohort, tmp_path: Path) -> None:
    slices = tuple(replace(one, patient_id="case1") for one in cohort.slices)
    paths = dicom_sr.write(replace(cohort, slices=slices), tmp_path)
    assert [path.name for path in paths] == ["case1.dcm", "case1-2.dcm"]


def test_without_grades_there_is_nothing_to_report(cohort: Cohort, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"mine: no slice has a grade: nothing to report"):
        dicom_sr.write(replace(cohort, slices=cohort.slices[2:]), tmp_path)


def test_a_file_that_is_another_slice_is_told(cohort: Cohort, tmp_path: Path) -> None:
    other = replace(cohort.slices[0], sop_instance_uid="9.9")
    with pytest.raises(
        CohortError, match=r"0002\.dcm: does not hold the slice named in the cohort: make the"
    ):
        dicom_sr.write(replace(cohort, slices=(other,)), tmp_path)
