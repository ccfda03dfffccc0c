"""Which picture a group of a structured report speaks of: written, and read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydicom.dataset import Dataset

from lumbargrade.errors import OutputError
from lumbargrade.grading.finding import SliceGrades
from lumbargrade.study.uids import shared_uid


def check_references(slices: Iterable[SliceGrades]) -> None:
    """Raise OutputError if a report could not say which of two graded slices it means."""
    uid = shared_uid(
        (one.series_instance_uid, one.sop_instance_uid, one.source_file) for one in slices
    )
    if uid:
        raise OutputError(
            f"two graded slices share the SOP Instance UID {uid}, so that a structured report "
            "could not say which one it means: grade one series with --series, or leave out --sr"
        )


def source_of(reference: Dataset, frame_number: int) -> tuple[str, str, list[int] | None]:
    """Return (SOP Class UID, SOP Instance UID, frames) as highdicom takes them.

    ``reference`` is the header of the picture; frames are None for a picture of one frame.
    """
    several = int(getattr(reference, "NumberOfFrames", 1) or 1) > 1
    uid = str(reference.SOPInstanceUID)
    return str(reference.SOPClassUID), uid, [frame_number] if several else None


def reference_of(group: Any) -> tuple[str, int]:
    """Return (SOP Instance UID, frame) of the picture of a group without a region.

    Raises ValueError if the group refers to no picture.
    """
    for content in group[0].ContentSequence:
        if content.ValueType == "IMAGE":
            return named_picture(content.ReferencedSOPSequence[0])
    raise ValueError("a group refers to no image")


def named_picture(item: Dataset) -> tuple[str, int]:
    """Return (SOP Instance UID, frame) of an item of a Referenced SOP Sequence."""
    return str(item.ReferencedSOPInstanceUID), int(getattr(item, "ReferencedFrameNumber", 1) or 1)
