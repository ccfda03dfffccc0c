"""Which picture a group of a structured report speaks of: written, and read back."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset


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
