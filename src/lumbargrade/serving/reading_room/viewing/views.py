"""The pictures of one study as a reader's browser gets them.

Lengths are in mm from the upper left corner of a picture in display orientation: the patient's
right on the left of an axial slice, anterior at its top. Letters stand in the order of CSS: top,
right, bottom, left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from lumbargrade.errors import ReadingError
from lumbargrade.grading.system import Unit
from lumbargrade.outputs.page.pictures.sagittal import CutLine
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.squares import Box

Letters = tuple[str, str, str, str]

FROM_CENTRE = "centre"
"""Source of a region where neither a box nor the locator says where the canal is."""


@dataclass(frozen=True)
class Picture:
    """One picture: its size, its edges, its greys.

    Attributes
    ----------
    width_mm, height_mm : of the field of view.
    rows, columns : in pixels, as shown.
    letters : what lies at the top, right, bottom and left edge; ``?`` where sides are not known.
    window : (black, white) values of the pixels at first.
    pixels : uint16, little-endian, row by row; not part of the JSON.
    """

    width_mm: float
    height_mm: float
    rows: int
    columns: int
    letters: Letters
    window: tuple[float, float]
    pixels: bytes = field(repr=False, compare=False, metadata={"hidden": True})

    def to_json(self) -> dict[str, Any]:
        """Return what a browser needs beside the pixels."""
        return dict(_shown(self))


@dataclass(frozen=True)
class SliceView(Picture):
    """One slice to read.

    Attributes
    ----------
    number : 1 is the most cranial slice.
    sop_instance_uid, frame_number : which picture of the cohort it is; the browser never learns.
    level, level_source : the disc level and whose word it is; None and "unknown".
    region_mm : (x, y of the centre, edge length) of the square around the canal.
    region_source : "drawn box", "locator" or "centre".
    proposal_mm : (x, y, width, height) of the box that the locator proposes to an expert, whoever
        drew one before; None where it finds no canal.
    stored, shown : geometry as stored, and in display orientation.
    """

    number: int
    sop_instance_uid: str = field(metadata={"hidden": True})
    frame_number: int = field(metadata={"hidden": True})
    level: str | None
    level_source: str
    region_mm: tuple[float, float, float]
    region_source: str
    proposal_mm: Box | None
    stored: SliceGeometry = field(repr=False, metadata={"hidden": True})
    shown: SliceGeometry = field(repr=False, metadata={"hidden": True})


@dataclass(frozen=True)
class DiscView:
    """One disc to read on the sagittal planes.

    Attributes
    ----------
    number : follows on those of the slices, cranial to caudal.
    level : its name, by which tables know it.
    plane : number of the plane on which it is shown first.
    region_mm : (x, y of the centre, edge length) of the square around it.
    is_found : whether the region is that of the disc; else it is the middle of the picture.
    """

    number: int
    level: str
    plane: int
    region_mm: tuple[float, float, float]
    is_found: bool


@dataclass(frozen=True)
class DiscMark:
    """One disc of the sagittal picture: its name, None where not known, and four corners."""

    level: str | None
    corners_mm: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class SagittalView(Picture):
    """The sagittal picture beside the slices.

    Attributes
    ----------
    view_box : the part shown (x, y, width, height).
    discs : cranial to caudal.
    lines : where slices cross it, by their numbers.
    """

    view_box: Box
    discs: tuple[DiscMark, ...]
    lines: tuple[CutLine, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what a browser needs beside the pixels."""
        return {
            **super().to_json(),
            "discs": [vars(one) for one in self.discs],
            "lines": [vars(one) for one in self.lines],
        }


@dataclass(frozen=True)
class StudyView:
    """All that is shown of one study.

    Attributes
    ----------
    slices : numbered from 1, cranial to caudal.
    discs : what is read on the ``planes``.
    planes : the sagittal slices, the patient's right to left, numbered from 1.
    doubts : about the names of the discs, one sentence each.
    """

    slices: tuple[SliceView, ...]
    sagittal: SagittalView | None
    discs: tuple[DiscView, ...] = ()
    planes: tuple[Picture, ...] = ()
    doubts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what a browser needs beside the pixels; no name of a patient or a file in it."""
        return {
            "slices": [{**one.to_json(), "unit": Unit.SLICE.value} for one in self.slices],
            "discs": [{**vars(one), "unit": Unit.DISC.value} for one in self.discs],
            "planes": [one.to_json() for one in self.planes],
            "doubts": list(self.doubts),
            "sagittal": None if self.sagittal is None else self.sagittal.to_json(),
        }

    def slice(self, number: int) -> SliceView:
        """Return the slice of this number. Raises ReadingError if there is none."""
        if not 1 <= number <= len(self.slices):
            raise ReadingError(
                f"slice {number}: the study has slices 1 to {len(self.slices)}: load it again"
            )
        return self.slices[number - 1]


def pixels_of(view: StudyView, number: int) -> bytes:
    """Return the pixels of a slice: uint16, little-endian, row by row, as shown.

    Raises ReadingError if there is no such slice.
    """
    return view.slice(number).pixels


def sagittal_pixels(view: StudyView) -> bytes:
    """Return the pixels of the sagittal picture. Raises ReadingError if there is none."""
    if view.sagittal is None:
        raise ReadingError("the study has no sagittal picture: read it without one")
    return view.sagittal.pixels


def _shown(picture: Picture) -> Iterator[tuple[str, Any]]:
    for one in fields(picture):
        if "hidden" not in one.metadata:
            yield one.name, getattr(picture, one.name)
