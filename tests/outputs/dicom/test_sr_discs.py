"""Graded discs are findings of the report, outlined on the sagittal slice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from tests.outputs.discs import SHOWN, with_discs

from lumbargrade.grading.level import Level
from lumbargrade.outputs.dicom import sr
from lumbargrade.outputs.dicom.sr_discs import disc_findings_of
from lumbargrade.study.graded import GradedStudy


@pytest.fixture
def shown(one_slice: GradedStudy, evidence: dict[str, Dataset]) -> GradedStudy:
    header = Dataset()
    header.update(next(iter(evidence.values())))
    header.SeriesInstanceUID, header.SOPInstanceUID = SHOWN[:2]
    return with_discs(replace(one_slice, references={**evidence, SHOWN[1]: header}))


def test_each_disc_is_written_and_read_back(shown: GradedStudy, tmp_path: Path) -> None:
    wanted = disc_findings_of(shown, shown.references)
    found = [one for one in sr.read(sr.write(shown, tmp_path)) if one.system == "PFIRRMANN"]
    assert found == wanted
    first, second = found
    assert (first.level, first.grade, first.probability) == (Level.L5_S1, 3, 0.6)
    assert (second.grade, second.reason) == (None, "graded on T2 only")
    assert first.sop_instance_uid == SHOWN[1]
    assert first.corners == ((80, 116), (115, 117), (115, 123), (80, 125.5))


def test_a_grade_is_named_as_readers_name_it(shown: GradedStudy, tmp_path: Path) -> None:
    text = str(dcmread(sr.write(shown, tmp_path)))
    assert "'Grade 4'" in text
    assert "'Grade 3: 4'" not in text


def test_discs_have_tracking_identifiers_of_their_own(shown: GradedStudy, tmp_path: Path) -> None:
    report = dcmread(sr.write(shown, tmp_path))
    uids = [str(item.value) for item in report.iterall() if item.keyword == "UID"]
    assert len(uids) == len(set(uids)) > 2


def test_a_slice_without_a_header_or_with_an_axial_uid_is_left_out(shown: GradedStudy) -> None:
    assert disc_findings_of(shown, {}) == []
    axial = shown.grades.slices[0].sop_instance_uid
    assert shown.sagittal is not None
    shared = replace(shown, sagittal=replace(shown.sagittal, sop_instance_uid=axial))
    assert disc_findings_of(shared, {axial, SHOWN[1]}) == []
    assert disc_findings_of(replace(shown, sagittal=None), {SHOWN[1]}) == []
