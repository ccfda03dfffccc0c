"""A made-up study with the headers that a structured report refers to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.study.graded import GradedStudy


def headers(study_grades: StudyGrades) -> dict[str, Dataset]:
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
def evidence(study_grades: StudyGrades) -> dict[str, Dataset]:
    """The headers of a test, which may change them."""
    return headers(study_grades)


@pytest.fixture
def graded(study_grades: StudyGrades, evidence: dict[str, Dataset]) -> GradedStudy:
    return GradedStudy(study_grades, systems=KNOWN_SYSTEMS, references=evidence)


@pytest.fixture
def one_slice(graded: GradedStudy) -> GradedStudy:
    """The study with its first slice alone: a report takes its time by the slice."""
    return replace(graded, grades=replace(graded.grades, slices=graded.grades.slices[:1]))


@pytest.fixture(scope="session")
def report(study_grades: StudyGrades, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the study; written once a worker, so do not change it."""
    study = GradedStudy(study_grades, systems=KNOWN_SYSTEMS, references=headers(study_grades))
    return dicom_sr.write(study, tmp_path_factory.mktemp("report"))


@pytest.fixture
def measured(measured_grades: StudyGrades, evidence: dict[str, Dataset]) -> GradedStudy:
    return GradedStudy(measured_grades, systems=KNOWN_SYSTEMS, references=evidence)


@pytest.fixture(scope="session")
def measured_report(measured_grades: StudyGrades, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report with measures; written once a worker, so do not change it."""
    references = headers(measured_grades)
    study = GradedStudy(measured_grades, systems=KNOWN_SYSTEMS, references=references)
    return dicom_sr.write(study, tmp_path_factory.mktemp("measured"))
