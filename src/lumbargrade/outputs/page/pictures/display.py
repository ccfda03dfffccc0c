"""A slice as a radiologist's screen shows it, whatever way the scanner stored it.

The patient's right is on the left of an axial slice and anterior is at its top; a sagittal slice
has anterior on its left and the head at its top. Rows and columns are flipped or swapped by the
geometry, and never resampled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import mul

import numpy as np

from lumbargrade.study.geometry import Direction, SliceGeometry
from lumbargrade.study.model import FloatImage
from lumbargrade.study.patch import View


@dataclass(frozen=True)
class Display:
    """A slice as it is shown.

    Attributes
    ----------
    pixels : (rows, columns), flipped or swapped.
    geometry : of these pixels.
    mirrored : whether they are the mirror image of those stored.
    """

    pixels: FloatImage
    geometry: SliceGeometry
    mirrored: bool

    def to_mm(self, point_mm: tuple[float, float, float]) -> tuple[float, float]:
        """Return (x, y) in mm from the picture's upper left corner of a patient point (LPS)."""
        column, row, _ = self.geometry.to_pixel(np.asarray(point_mm))
        per_row, per_column = self.geometry.pixel_spacing_mm
        # Pixel (0, 0) is a centre; the picture begins half a pixel before it.
        return (column + 0.5) * per_column, (row + 0.5) * per_row


def displayed(pixels: FloatImage, geometry: SliceGeometry, view: View) -> Display:
    """Return a stored slice so that its rows and columns run as those of ``view``, nearly."""
    right, down = view
    stored = geometry
    row, column = geometry.row_direction, geometry.column_direction
    straight = abs(_along(row, right)) + abs(_along(column, down))
    if straight < abs(_along(column, right)) + abs(_along(row, down)):
        pixels, geometry = pixels.T, _swapped(geometry)
    if _along(geometry.row_direction, right) < 0:
        pixels, geometry = pixels[:, ::-1], _flipped(geometry)
    if _along(geometry.column_direction, down) < 0:
        pixels, geometry = pixels[::-1], _swapped(_flipped(_swapped(geometry)))
    return Display(pixels, geometry, float(geometry.normal @ stored.normal) < 0)


def _along(one: Direction, other: Direction) -> float:
    return float(sum(map(mul, one, other)))


def _swapped(geometry: SliceGeometry) -> SliceGeometry:
    per_row, per_column = geometry.pixel_spacing_mm
    return replace(
        geometry,
        row_direction=geometry.column_direction,
        column_direction=geometry.row_direction,
        pixel_spacing_mm=(per_column, per_row),
        rows=geometry.columns,
        columns=geometry.rows,
    )


def _flipped(geometry: SliceGeometry) -> SliceGeometry:
    """The geometry whose columns are counted from the other end."""
    x, y, z = geometry.to_patient(geometry.columns - 1, 0).tolist()
    a, b, c = geometry.row_direction
    return replace(geometry, position_mm=(x, y, z), row_direction=(-a, -b, -c))
