"""What the room needs of a study's pictures; who makes them is not its business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import Unit

Box = tuple[float, float, float, float]
"""(x, y, width, height) of a box; x, y is its upper left corner."""


@dataclass(frozen=True)
class ShownSlice:
    """A slice as its study's view numbers it, from 1 on, cranial to caudal; or a disc.

    Discs come behind the slices; ``image`` of a disc is its name.
    """

    number: int
    image: str
    frame: int
    level: str | None
    unit: Unit = Unit.SLICE


@dataclass(frozen=True)
class Proposal:
    """What the model says of a slice or disc, with its chance in percent."""

    slice: int
    system: str
    side: Side | None
    grade: int
    percent: int


class Pictures(Protocol):
    """The pictures of each study of a cohort. Every method may be called by several threads."""

    def slices(self, patient: str) -> Sequence[ShownSlice]:
        """Return the slices and discs to read in the order of their numbers."""

    def view(self, patient: str) -> Mapping[str, Any]:
        """Return the view as plain JSON data, as the viewer takes it."""

    def pixels(self, patient: str, number: int) -> bytes:
        """Return the pixels as shown: uint16, little-endian, row by row."""

    def sagittal(self, patient: str) -> bytes | None:
        """Return the pixels of the sagittal picture; None where there is none."""

    def plane(self, patient: str, number: int) -> bytes | None:
        """Return the pixels of a sagittal slice on which discs are read; None: there is none."""

    def stored_box(self, patient: str, number: int, box_mm: Box) -> Box:
        """Return a box in stored pixels; it is given in mm from the shown picture's corner."""

    def proposals(self, patient: str) -> Sequence[Proposal]:
        """Return what the model says of the study."""

    def prefetch(self, patient: str) -> None:
        """Make a study ready in the background: it is likely to be opened next."""

    def close(self) -> None:
        """Make nothing ahead any more."""


PicturesOf = Callable[[frozenset[Unit]], Pictures]
"""How pictures are made, once it is known what is read: slices, discs or both."""
