"""One picture, one slice: files that repeat another are left out, and different ones are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from lumbargrade.errors import OverBudgetError, StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.dicom.file import DicomFile
from lumbargrade.study.model import FloatImage, Slice


@dataclass(frozen=True)
class Distinct:
    """The files without their copies, what was left out, and what is odd about the rest."""

    files: tuple[DicomFile, ...]
    copies: tuple[NotGraded, ...]
    notes: tuple[str, ...]


class _Pair(Enum):
    SAME = auto()
    DIFFERENT = auto()
    FIRST_DAMAGED = auto()
    SECOND_DAMAGED = auto()


def without_copies(files: Iterable[DicomFile]) -> Distinct:
    """Return each picture of one study once.

    A picture is known by its series and its SOP Instance UID: released sets repeat the UID in
    every series. Files of one series that share it and show different pictures, or the same at
    different places, are all kept, with a note.
    """
    kept: dict[tuple[str, str], list[DicomFile]] = {}
    copies: list[NotGraded] = []
    for file in files:
        known = kept.setdefault((file.series_instance_uid, file.sop_instance_uid), [])
        for index, other in enumerate(known):
            pair = _compare(other, file)
            if pair is _Pair.DIFFERENT:
                continue
            if pair is _Pair.FIRST_DAMAGED:
                known[index] = file
                copies.append(_copy(other, file, "a damaged copy"))
            else:
                what = "a copy" if pair is _Pair.SAME else "a damaged copy"
                copies.append(_copy(file, other, what))
            break
        else:
            known.append(file)
    clashes = [same for same in kept.values() if len(same) > 1]
    return Distinct(
        tuple(file for same in kept.values() for file in same), tuple(copies), _notes(clashes)
    )


def _notes(clashes: Sequence[Sequence[DicomFile]]) -> tuple[str, ...]:
    if not clashes:
        return ()
    count, (first, second, *_) = sum(map(len, clashes)), clashes[0]
    return (
        f"{count} files share a SOP Instance UID with another of their series although they "
        f"differ, for example {first.name} and {second.name}: all are read; export the study again",
    )


def _copy(file: DicomFile, other: DicomFile, what: str) -> NotGraded:
    return NotGraded(
        file.name,
        f"{what} of {other.name} (same SOP Instance UID)",
        file.sop_instance_uid,
        file.series_instance_uid,
    )


def _compare(first: DicomFile, second: DicomFile) -> _Pair:
    """The same slice may have been stored twice, compressed and not."""
    if [item.geometry for item in first.slices] != [item.geometry for item in second.slices]:
        return _Pair.DIFFERENT
    if first.pixels.is_same(second.pixels):
        return _Pair.SAME
    for one, other in zip(first.slices, second.slices, strict=True):
        pixels = _pixels(one)
        if pixels is None:
            return _Pair.FIRST_DAMAGED
        others = _pixels(other)
        if others is None:
            return _Pair.SECOND_DAMAGED
        if not np.array_equal(pixels, others):
            return _Pair.DIFFERENT
    return _Pair.SAME


def _pixels(item: Slice) -> FloatImage | None:
    """Return the picture of a slice; None where it is damaged."""
    try:
        return item.load_pixels()
    except OverBudgetError:
        raise
    except StudyError:
        return None
