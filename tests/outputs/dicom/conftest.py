"""A made-up study with the headers that a structured report refers to."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.study.graded import GradedStudy


@pytest.fixture
def evidence(study_grades: StudyGrades) -> dict[str, Dataset]:
    """Headers of the graded slices, with a name that ASCII does not hold."""
    found = {}
    for item in study_grades.slices:
        one = Dataset()
        one.SpecificCharacterSet = "ISO_IR 192"
        one.SOPClassUID, one.SOPInstanceUID = MRImageStorage, item.sop_instance_uid
        one.StudyInstanceUID = study_grades.study_instance_uid
        one.SeriesInstanceUID = item.series_instance_uid
        one.PatientID, one.PatientName = study_grades.patient_id, "Müller^Zoë"
        one.PatientSex, one.StudyDate, one.StudyTime, one.StudyID = "F", "20200101", "0800", "1"
        one.Rows, one.Columns, one.Modality = 300, 320, "MR"
        found[item.sop_instance_uid] = one
    return found


@pytest.fixture
def graded(study_grades: StudyGrades, evidence: dict[str, Dataset]) -> GradedStudy:
    return GradedStudy(study_grades, systems=KNOWN_SYSTEMS, references=evidence)


@pytest.fixture
def report(graded: GradedStudy, tmp_path: Path) -> Path:
    return dicom_sr.write(graded, tmp_path)


@pytest.fixture
def measured(measured_grades: StudyGrades, evidence: dict[str, Dataset]) -> GradedStudy:
    return GradedStudy(measured_grades, systems=KNOWN_SYSTEMS, references=evidence)


@pytest.fixture
def measured_report(measured: GradedStudy, tmp_path: Path) -> Path:
    (tmp_path / "measured").mkdir()
    return dicom_sr.write(measured, tmp_path / "measured")
