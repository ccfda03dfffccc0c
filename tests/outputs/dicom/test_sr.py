"""Grades as a structured report: written, validated by others, read back equal."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from tests.made_up_measures import measures

from lumbargrade.errors import OutputError
from lumbargrade.grading.finding import Side, SliceGrades, StudyGrades, UserWord
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom.sr_content import SrFinding, findings_of
from lumbargrade.outputs.dicom.sr_measures import measures_of
from lumbargrade.study.graded import GradedStudy


def with_slices(graded: GradedStudy, slices: tuple[SliceGrades, ...]) -> GradedStudy:
    return replace(graded, grades=replace(graded.grades, slices=slices))


@pytest.fixture(scope="module")
def found(report: Path) -> list[SrFinding]:
    """What is read of the report."""
    return dicom_sr.read(report)


def test_what_is_read_back_is_what_was_written(
    report: Path, found: list[SrFinding], graded: GradedStudy, evidence: dict[str, Dataset]
) -> None:
    assert report.name == "grades.dcm"
    written = findings_of(graded, evidence)
    assert found == written
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


def test_whatever_a_report_says_its_uid_follows(one_slice: GradedStudy, tmp_path: Path) -> None:
    """Each change by itself gives another UID, and no change the same."""
    grades = one_slice.grades
    (first,) = grades.slices
    doubted = replace(first.findings[0], doubts=("another doubt",))
    level = LevelAssignment(first.level.level, LevelSource.USER, first.level.block)
    changed = {
        "nothing": grades,
        "doubt": replace(grades, slices=(replace(first, findings=(doubted, *first.findings[1:])),)),
        "warning": replace(grades, warnings=("another warning",)),
        "slice": replace(grades, slices=(replace(first, warnings=("another",)),)),
        "level": replace(grades, slices=(replace(first, level=level),)),
        "reason": replace(grades, not_graded=grades.not_graded[1:]),
        "word": replace(grades, user_word=UserWord(contrast="t2")),
        "software": replace(grades, software_version="0.1.1"),
        "model": replace(grades, model=replace(grades.model, sha256="cd" * 32)),
        "finding": replace(grades, slices=(replace(first, findings=first.findings[1:]),)),
        "measures": replace(grades, slices=(replace(first, measures=measures()),)),
    }
    uids = {}
    again = {"before": grades, "measures, again": changed["measures"]}
    for what, said in {**again, **changed}.items():
        (tmp_path / what).mkdir()
        after = pydicom.dcmread(dicom_sr.write(replace(one_slice, grades=said), tmp_path / what))
        assert after.file_meta.MediaStorageSOPInstanceUID == after.SOPInstanceUID
        uids[what] = after.SOPInstanceUID
    assert uids.pop("before") == uids["nothing"]
    assert uids.pop("measures, again") == uids["measures"]
    assert len(set(uids.values())) == len(changed), uids


def test_a_report_is_the_same_to_the_byte_whatever_the_clock(
    report: Path, graded: GradedStudy, tmp_path: Path
) -> None:
    (tmp_path / "again").mkdir()
    again = dicom_sr.write(graded, tmp_path / "again")
    assert again.read_bytes() == report.read_bytes()
    dataset = pydicom.dcmread(report)
    assert (dataset.ContentDate, dataset.ContentTime) == ("20200101", "0800")
    assert "InstanceCreationDate" not in dataset
    assert dataset.SpecificCharacterSet == "ISO_IR 192"


def test_a_doubt_and_the_source_of_a_level_are_read_back(found: list[SrFinding]) -> None:
    assert {one.level_source for one in found} == {
        LevelSource.STACK,
        LevelSource.UNKNOWN,
    }
    assert any(one.doubts for one in found)
    withheld = [one for one in found if one.grade is None]
    assert {one.reason for one in withheld} == {"no disc in the plane of this slice"}
    assert {one.probability for one in withheld} == {None}


def test_a_malformed_header_element_does_not_stop_a_report(
    one_slice: GradedStudy, evidence: dict[str, Dataset], tmp_path: Path
) -> None:
    """References are as stored in the file: nothing has looked into them yet."""
    broken = RawDataElement(Tag("PatientAge"), "AS", 9, b"x" * 9, 0, False, True)
    for one in evidence.values():
        one[broken.tag] = broken
    assert dicom_sr.write(one_slice, tmp_path).is_file()


def test_measures_are_read_back_and_findings_stay(
    measured_report: Path, report: Path, found: list[SrFinding], measured: GradedStudy
) -> None:
    written = measures_of(measured)
    assert dicom_sr.read_measures(measured_report) == written
    assert len(written) == 5 * 3  # of each slice: without a side, left, right
    assert dicom_sr.read(measured_report) == found
    assert dicom_sr.read_measures(report) == []


@pytest.mark.parametrize("which", ["report", "measured_report"])
def test_dciodvfy_finds_no_error(which: str, request: pytest.FixtureRequest) -> None:
    report: Path = request.getfixturevalue(which)
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


def test_what_cannot_be_reported_is_refused(
    graded: GradedStudy, evidence: dict[str, Dataset], tmp_path: Path
) -> None:
    with pytest.raises(
        OutputError, match=r"slice axial/0001.dcm has no DICOM header to reference:"
    ):
        dicom_sr.write(replace(graded, references={}), tmp_path)
    with pytest.raises(OutputError, match="nothing was graded"):
        dicom_sr.write(with_slices(graded, ()), tmp_path)
    for one in evidence.values():
        del one.SOPClassUID
    with pytest.raises(OutputError, match="the structured report cannot be made"):
        dicom_sr.write(graded, tmp_path)
    path = tmp_path / "other.dcm"
    path.write_bytes(b"nothing")
    with pytest.raises(OutputError, match=r"other\.dcm: cannot be read as a structured report"):
        dicom_sr.read(path)
    assert not (tmp_path / "grades.dcm").exists()


def test_whatever_highdicom_raises_is_told_without_the_name(
    graded: GradedStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Müller^Zoë is not allowed")

    monkeypatch.setattr("highdicom.sr.Comprehensive3DSR", fail)
    with pytest.raises(
        OutputError, match=r"the structured report cannot be made \(RuntimeError\)"
    ) as raised:
        dicom_sr.write(graded, tmp_path)
    assert "Müller" not in str(raised.value)
    assert list(tmp_path.glob("*.dcm")) == []
