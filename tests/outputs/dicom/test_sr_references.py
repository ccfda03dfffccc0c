from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset

from lumbargrade.errors import OutputError
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs.dicom.sr_references import (
    check_references,
    named_picture,
    reference_of,
    source_of,
)


def _header(**more: Any) -> Dataset:
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID = "1.2", "1.2.3"
    for keyword, value in more.items():
        setattr(header, keyword, value)
    return header


def test_a_frame_is_named_where_there_are_several() -> None:
    assert source_of(_header(), 1) == ("1.2", "1.2.3", None)
    assert source_of(_header(NumberOfFrames=9), 4) == ("1.2", "1.2.3", [4])


def test_a_picture_is_read_back() -> None:
    item = Dataset()
    item.ReferencedSOPInstanceUID = "1.2.3"
    assert named_picture(item) == ("1.2.3", 1)
    item.ReferencedFrameNumber = 4
    assert named_picture(item) == ("1.2.3", 4)


def test_a_group_without_a_picture_is_refused() -> None:
    container, content = Dataset(), Dataset()
    content.ValueType = "TEXT"
    container.ContentSequence = [content]
    with pytest.raises(ValueError, match="a group refers to no image"):
        reference_of([container])


@pytest.mark.parametrize("other", [{"series_instance_uid": "1.9"}, {"source_file": "other"}])
def test_two_slices_with_one_uid_cannot_be_referred_to(
    study_grades: StudyGrades, other: dict[str, Any]
) -> None:
    first, *rest = study_grades.slices
    check_references([first, *rest])
    check_references([first, replace(first, frame_number=2)])
    with pytest.raises(OutputError, match="could not say which one it means: grade one series"):
        check_references([first, replace(first, **other)])
