"""One slice, real or simulated, with what is drawn on it: what every figure is taken from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.morphometry.frame import Frame, find_frame
from lumbargrade.morphometry.outlines import Line, Outlines
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import extract_patch

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """A slice and its outlines.

    Attributes
    ----------
    patient, level : such as ``"P0001"`` and ``"L4-L5"``; the level is empty where unknown.
    contrast : ``"t1"`` or ``"t2"``.
    picture : (rows, columns), as it is stored.
    geometry : of the picture.
    centre_px : (column, row) of the middle of the square, from which ``outlines`` are in mm.
    grades : output name -> grade; empty for real slices.
    """

    patient: str
    level: str
    contrast: str
    picture: NDArray[np.generic]
    geometry: SliceGeometry
    centre_px: tuple[float, float]
    outlines: Outlines
    grades: dict[str, int | None]

    @cached_property
    def patch(self) -> NDArray[np.float32]:
        """The square (128, 128) as the outline network sees it: fat is about 1."""
        pixels = self.picture.astype(np.float32)
        return extract_patch(pixels, self.geometry, self.centre_px, OUTLINE_PATCH)

    @cached_property
    def square(self) -> Floats:
        """The same part of the slice in the slice's own pixels and greys, what there is of it."""
        step = self.geometry.pixel_spacing_mm[0]
        half = OUTLINE_PATCH.size_mm / 2 / step
        column, row = self.centre_px
        top, left = max(round(row - half), 0), max(round(column - half), 0)
        part = self.picture[top : round(row + half), left : round(column + half)]
        return np.asarray(part, dtype=np.float64)

    @cached_property
    def frame(self) -> Frame | None:
        """The patient's own frame; None where it is not known."""
        return find_frame(self.outlines)

    @property
    def upright(self) -> Outlines | None:
        """The outlines in that frame."""
        return None if self.frame is None else self.frame.apply(self.outlines)


def places(line: Line) -> Floats:
    """Return mm from the middle of the square (n, 2) as column and row of ``Seen.patch``."""
    return np.asarray(line / OUTLINE_PATCH.spacing_mm + (OUTLINE_PATCH.pixels - 1) / 2)
