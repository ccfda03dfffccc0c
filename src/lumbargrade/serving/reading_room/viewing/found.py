"""The slices of a cohort, found again in the DICOM folder of their patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import ReadingError
from lumbargrade.grading.level import Level
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.read import read_studies
from lumbargrade.study.series.blocks import order_by_disc
from lumbargrade.study.series.kind import AXIAL, plane_of

NO_BLOCK: tuple[None, ...] = ()


@dataclass(frozen=True)
class Found:
    """One slice to read: what the cohort says of it, and its picture.

    ``pixels`` are (rows, columns), as stored. ``block`` counts discs as ``order_by_disc`` does.
    """

    known: CohortSlice
    item: Slice
    pixels: FloatImage
    block: int | None

    @property
    def is_axial(self) -> bool:
        """Whether its plane is."""
        return plane_of(self.item.geometry.normal) == AXIAL


@dataclass(frozen=True)
class FoundStudy:
    """The study that holds the slices, and these, caudal to cranial (sagittal: left to right)."""

    study: Study
    slices: tuple[Found, ...]

    @property
    def axial(self) -> tuple[Found, ...]:
        """The axial ones."""
        return tuple(one for one in self.slices if one.is_axial)

    @property
    def lowest_level(self) -> Level | None:
        """The cohort's name of the most caudal disc with slices: it counts as a user's word."""
        return self.axial[0].known.level if self.axial else None


def find_slices(folder: Path, wanted: Sequence[CohortSlice]) -> FoundStudy:
    """Read the study of a patient and find the slices of a cohort in it.

    Raises
    ------
    StudyError
        If the folder holds no readable study, or a picture cannot be decoded.
    ReadingError
        If no slice is wanted, or one is not there.
    """
    if not wanted:
        raise ReadingError(f"{folder}: no slice of the cohort is of this patient: import it again")
    studies = read_studies(folder)
    held = [_held(study) for study in studies]
    keys = [(one.series_instance_uid, one.sop_instance_uid) for one in wanted]
    index = max(range(len(studies)), key=lambda number: sum(key in held[number] for key in keys))
    known: dict[tuple[str, str], CohortSlice] = dict(zip(keys, wanted, strict=True))
    every = {key: item for own in reversed(held) for key, item in own.items()}
    for key, one in known.items():
        if key not in every:
            raise ReadingError(
                f"{folder}: has no picture {one.sop_instance_uid}, which the cohort lists: "
                "put the file back, or import the cohort again"
            )
    ordered, blocks = _ordered([every[key] for key in known])
    slices = tuple(
        Found(known[_key(item)], item, item.load_pixels(), block)
        for item, block in zip(ordered, blocks, strict=True)
    )
    return FoundStudy(studies[index], slices)


def _held(study: Study) -> dict[tuple[str, str], Slice]:
    """The first frame of each picture of a study."""
    found: dict[tuple[str, str], Slice] = {}
    for series in study.series:
        for item in series.slices:
            found.setdefault(_key(item), item)
    return found


def _key(item: Slice) -> tuple[str, str]:
    return item.series_instance_uid, item.sop_instance_uid


def _ordered(items: Sequence[Slice]) -> tuple[Sequence[Slice], Sequence[int | None]]:
    """Axial slices as ``order_by_disc`` has them; others along the first one's normal."""
    axial = [one for one in items if plane_of(one.geometry.normal) == AXIAL]
    others = [one for one in items if plane_of(one.geometry.normal) != AXIAL]
    ordered, blocks = order_by_disc(axial) if axial else ((), NO_BLOCK)
    if others:
        normal = others[0].geometry.normal
        along = normal * np.sign(normal[int(np.abs(normal).argmax())])
        others.sort(key=lambda one: float(one.geometry.center_mm @ along), reverse=True)
    return (*ordered, *others), (*blocks, *[None] * len(others))
