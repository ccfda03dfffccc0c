"""The place of one slice in the patient, as one value.

Patient coordinates are DICOM's (PS3.3 C.7.6.2.1.1): x to the patient's left,
y to the back, z to the head, in mm. Pixel coordinates are (column, row), with
(0, 0) the centre of the first pixel transmitted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

UNIT_TOLERANCE = 1e-3
"""How far a direction cosine triple may be from unit length or right angles."""

DECIMALS_ERROR = 0.01
"""Largest error of a direction cosine that was rounded to, or cut off after, two decimals."""
ROUNDED_LENGTH = 3**0.5 * DECIMALS_ERROR + DECIMALS_ERROR**2
"""How far rounding alone can bring three cosines from unit length: all three off by the most."""
ROUNDED_ANGLE = 2 * ROUNDED_LENGTH + ROUNDED_LENGTH**2
"""How far it can bring the product of two such directions from 0."""

_SAME = 1e-6

Direction = tuple[float, float, float]


def nearest_directions(row: Direction, column: Direction) -> tuple[Direction, Direction]:
    """Return the two unit vectors at a right angle that are nearest to two rounded directions.

    Directions within :data:`UNIT_TOLERANCE` stay as they are. Those that two decimals explain come
    back turned by a degree at most; one decimal may turn them by six. Both are in patient
    coordinates (LPS).

    Raises
    ------
    ValueError
        If they are farther off than two decimals explain, or no finite numbers.
    """
    if not all(map(math.isfinite, (*row, *column))):
        raise ValueError("image position or orientation is not a finite number")
    length_error = max(abs(math.hypot(*row) - 1), abs(math.hypot(*column) - 1))
    product = abs(sum(map(mul, row, column)))
    if max(length_error, product) <= UNIT_TOLERANCE:
        return row, column
    if length_error > ROUNDED_LENGTH:
        raise ValueError("image orientation is not made of unit vectors")
    if product > ROUNDED_ANGLE:
        raise ValueError("rows and columns of the image are not at a right angle")
    if all(abs(10 * cosine - round(10 * cosine)) < _SAME for cosine in (*row, *column)):
        raise ValueError("image orientation is rounded to one decimal")
    # The orthogonal factor of the polar decomposition changes both as little as can be.
    left, _, right = np.linalg.svd(np.array((row, column)).T, full_matrices=False)
    (a, b, c), (d, e, f) = (left @ right).T.tolist()
    return (a, b, c), (d, e, f)


@dataclass(frozen=True)
class SliceGeometry:
    """Position, orientation, spacing and size of one slice.

    Attributes
    ----------
    position_mm : Image Position (Patient): centre of the first pixel.
    row_direction : unit vector along increasing *column* index (first triple of
        Image Orientation (Patient)).
    column_direction : unit vector along increasing *row* index (second triple).
    pixel_spacing_mm : (between rows, between columns), as in Pixel Spacing.
    rows, columns : size in pixels.

    Raises
    ------
    ValueError
        If the directions are not unit vectors at a right angle, or a size or a
        spacing is not positive.
    """

    position_mm: tuple[float, float, float]
    row_direction: tuple[float, float, float]
    column_direction: tuple[float, float, float]
    pixel_spacing_mm: tuple[float, float]
    rows: int
    columns: int

    def __post_init__(self) -> None:
        # Plain floats: numpy takes ten times as long for three numbers.
        row, column = self.row_direction, self.column_direction
        if not all(map(math.isfinite, (*self.position_mm, *row, *column))):
            raise ValueError("image position or orientation is not a finite number")
        if max(abs(math.hypot(*row) - 1), abs(math.hypot(*column) - 1)) > UNIT_TOLERANCE:
            raise ValueError("image orientation is not made of unit vectors")
        if abs(sum(map(mul, row, column))) > UNIT_TOLERANCE:
            raise ValueError("rows and columns of the image are not at a right angle")
        if not min(self.pixel_spacing_mm) > 0:
            raise ValueError("pixel spacing is not positive")
        if min(self.rows, self.columns) < 1:
            raise ValueError("the image has no pixels")

    @property
    def normal(self) -> Vector:
        """Unit normal: row direction x column direction."""
        (a, b, c), (d, e, f) = self.row_direction, self.column_direction
        return np.array((b * f - c * e, c * d - a * f, a * e - b * d))

    @property
    def size_mm(self) -> tuple[float, float]:
        """(height, width) of the field of view in mm."""
        return (self.rows * self.pixel_spacing_mm[0], self.columns * self.pixel_spacing_mm[1])

    def to_patient(self, column: float, row: float) -> Vector:
        """Return (x, y, z) in mm of a pixel position (column, row)."""
        return (
            np.asarray(self.position_mm, dtype=np.float64)
            + np.asarray(self.row_direction) * (column * self.pixel_spacing_mm[1])
            + np.asarray(self.column_direction) * (row * self.pixel_spacing_mm[0])
        )

    def to_pixel(self, point_mm: Vector) -> tuple[float, float, float]:
        """Return (column, row, distance in mm along the normal) of a patient point."""
        offset = np.asarray(point_mm, dtype=np.float64) - np.asarray(self.position_mm)
        column = float(offset @ np.asarray(self.row_direction)) / self.pixel_spacing_mm[1]
        row = float(offset @ np.asarray(self.column_direction)) / self.pixel_spacing_mm[0]
        return column, row, float(offset @ self.normal)

    @property
    def center_mm(self) -> Vector:
        """Patient position of the middle of the slice."""
        return self.to_patient((self.columns - 1) / 2, (self.rows - 1) / 2)
