"""Grades as a structured report: written, validated by others, read back equal."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from lumbargrade.cli.grade_studies import REPORT_FILE
from lumbargrade.errors import OutputError
from lumbargrade.grading.finding import Side, StudyGrades
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom.sr_content import clipped


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
def report(study_grades: StudyGrades, evidence: dict[str, Dataset], tmp_path: Path) -> Path:
    return dicom_sr.write(study_grades, tmp_path, evidence)


def test_what_is_read_back_is_what_was_written(
    report: Path, study_grades: StudyGrades, evidence: dict[str, Dataset]
) -> None:
    assert report.name == dicom_sr.FILE_NAME == REPORT_FILE
    written = dicom_sr.findings_of(study_grades, evidence)
    assert dicom_sr.read(report) == written
    assert len(written) == 5 * 4  # LDH, LCCS, LNRC left and right; the worse side is not repeated
    assert {one.side for one in written} == {None, Side.LEFT, Side.RIGHT}
    assert {one.level for one in written} == {Level.L5_S1, Level.L4_L5, None}
    assert any(one.grade is None for one in written)  # not known, which is not 0
    assert all(one.grade_set is not None for one in written if one.grade is not None)


def test_the_report_says_who_and_for_what(report: Path, study_grades: StudyGrades) -> None:
    dataset = pydicom.dcmread(report)
    assert dataset.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.34"  # Comprehensive 3D SR
    assert str(dataset.PatientName) == "Müller^Zoë"
    assert dataset.VerificationFlag == "UNVERIFIED"
    assert "research use only" in dataset.Manufacturer
    (scheme,) = dataset.CodingSchemeIdentificationSequence
    assert (scheme.CodingSchemeDesignator, scheme.CodingSchemeUID) == (
        codes.SCHEME,
        codes.SCHEME_UID,
    )
    data = report.read_bytes()
    assert study_grades.model.sha256.encode() in data
    assert b"25056-3" in data
    assert b"715056000" in data
    assert b"75782005" not in data  # not L5/S1, though it looks like it


def test_the_same_grades_give_the_same_uids(
    report: Path, study_grades: StudyGrades, evidence: dict[str, Dataset], tmp_path: Path
) -> None:
    first = pydicom.dcmread(report).SOPInstanceUID
    dicom_sr.write(study_grades, tmp_path, evidence)
    assert pydicom.dcmread(report).SOPInstanceUID == first
    other = replace(study_grades, slices=study_grades.slices[1:])
    dicom_sr.write(other, tmp_path, evidence)
    assert pydicom.dcmread(report).SOPInstanceUID != first


def test_dciodvfy_finds_no_error(report: Path) -> None:
    tool = shutil.which("dciodvfy")
    if tool is None:
        pytest.skip("dciodvfy is not installed (Debian package dicom3tools)")
    done = subprocess.run([tool, report], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    assert "Comprehensive3DSR" in lines
    assert [line for line in lines if line.startswith("Error")] == []


def test_dsrdump_shows_grades_and_sides(report: Path) -> None:
    tool = shutil.which("dsrdump")
    if tool is None:
        pytest.skip("dsrdump is not installed (Debian package dcmtk)")
    done = subprocess.run([tool, "+Pl", report], capture_output=True, text=True, check=True)
    assert "Verification Flag   : UNVERIFIED" in done.stdout
    assert '"Grade: lumbar nerve root compression")=(G' in done.stdout
    assert '"Laterality")=(7771000,SCT,"Left")' in done.stdout
    assert '(NOTKNOWN,99LUMBARGRADE,"Not known; this is not grade 0")' in done.stdout


@pytest.mark.parametrize("system", KNOWN_SYSTEMS.values(), ids=lambda system: system.code)
def test_every_code_fits_and_leads_back(system: object) -> None:
    known = KNOWN_SYSTEMS[system.code]  # type: ignore[attr-defined]
    for grade in (None, *range(len(known.grades))):
        code = codes.grade_code(known, grade)
        assert codes.grade_of(code) == grade
        assert len(code.meaning) <= 64
    concept = codes.grade_concept(known)
    assert len(concept.value) <= 16
    assert len(concept.meaning) <= 64
    assert len(codes.finding_code(known).value) <= 16


def test_levels_and_sides_lead_back() -> None:
    assert [codes.level_of(codes.site_code(level)) for level in (*Level, None)] == [*Level, None]
    assert [codes.side_of(codes.SIDES[side]) for side in Side] == list(Side)
    with pytest.raises(ValueError, match=r"\(24484000, SCT\) is not a grade"):
        codes.grade_of(codes.SEVERITIES[3])


def test_a_box_is_clipped_to_its_picture(evidence: dict[str, Dataset]) -> None:
    picture = next(iter(evidence.values()))
    assert clipped((-10, 290, 40, 40), picture) == (-0.5, 290, 30.5, 9.5)
    assert clipped((400, 10, 5, 5), picture) is None


def test_what_cannot_be_reported_is_refused(
    study_grades: StudyGrades, evidence: dict[str, Dataset], tmp_path: Path
) -> None:
    with pytest.raises(
        OutputError, match=r"slice axial/0001.dcm has no DICOM header to reference:"
    ):
        dicom_sr.write(study_grades, tmp_path, {})
    with pytest.raises(OutputError, match="nothing was graded"):
        dicom_sr.write(replace(study_grades, slices=()), tmp_path, evidence)
    for one in evidence.values():
        del one.SOPClassUID
    with pytest.raises(OutputError, match="the structured report cannot be made"):
        dicom_sr.write(study_grades, tmp_path, evidence)
    path = tmp_path / "other.dcm"
    path.write_bytes(b"nothing")
    with pytest.raises(OutputError, match=r"other\.dcm: cannot be read as a structured report"):
        dicom_sr.read(path)
    assert not (tmp_path / "grades.dcm").exists()
