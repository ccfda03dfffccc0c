"""A slice as it would be if the patient lay straight and its rows ran from right to left.

Patients lie rotated on the table, and fields of view are planned with an angle of their own. The
networks have seen neither beyond some degrees, so such a slice is resampled, about the point that
matters, until the patient's own left is on the right of the picture. Which side is which stays a
matter of the stored geometry: what is turned here is turned by less than half a circle, and known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from lumbargrade.study.geometry import SliceGeometry, Vector
from lumbargrade.study.model import FloatImage
from lumbargrade.study.patch import PatchSpec, patch_frame

UPRIGHT_WITHIN_DEG = 5.0
"""A smaller angle is left as it is: the networks were trained on +-15 degrees and more, and each
resampling costs sharpness."""


@dataclass(frozen=True)
class Upright:
    """A slice that can be cut upright.

    Attributes
    ----------
    pixels : (rows, columns); those stored, if they lie upright within 5 degrees.
    geometry : of ``pixels``, in coordinates that are turned with the patient.
    center_px : (column, row) in ``pixels`` of the point about which was turned.
    angle_deg : by how much the rows of ``pixels`` are turned against those stored, clockwise
        as the slice is shown; a right angle is none. 0 where the pixels are those stored.
    left_deg : angle in degrees from the rows of ``pixels`` to the patient's left, as far as the
        geometry says; 0 where they were resampled.
    stored : the geometry of the stored pixels, in the coordinates of ``geometry``.
    """

    pixels: FloatImage
    geometry: SliceGeometry
    center_px: tuple[float, float]
    angle_deg: float
    left_deg: float
    stored: SliceGeometry

    def to_stored(self, column: float, row: float) -> tuple[float, float]:
        """Return the position (column, row) on the stored slice of one in ``pixels``."""
        if self.geometry is self.stored:
            return column, row
        return self.stored.to_pixel(self.geometry.to_patient(column, row))[:2]


def upright(
    pixels: FloatImage,
    geometry: SliceGeometry,
    center_px: tuple[float, float],
    rotation_deg: float = 0.0,
) -> Upright:
    """Return the slice turned about ``center_px`` (column, row) until the patient lies upright.

    ``rotation_deg`` is the angle in the slice from where the geometry puts the patient's left to
    where the patient's own left is, towards the back. It needs to be no sharper than 5 degrees.
    """
    stored = _turned(geometry, center_px, -rotation_deg) if rotation_deg else geometry
    right, down, alike = _picture_axes(stored, center_px)
    left = math.degrees(math.atan2(float(down[0]), float(right[0])))
    if abs(left) < UPRIGHT_WITHIN_DEG:
        return Upright(pixels, stored, center_px, 0.0, left, stored)
    grid = _grid(stored, center_px, right, down)
    center = grid.to_pixel(stored.to_patient(*center_px))[:2]
    angle = (left if alike else -left) % 90
    return Upright(
        _resampled(pixels, stored, grid),
        grid,
        center,
        angle - 90 if angle > 45 else angle,
        0.0,
        stored,
    )


def _turned(
    geometry: SliceGeometry, center_px: tuple[float, float], degrees: float
) -> SliceGeometry:
    """Return the slice turned in its plane, from the patient's left towards the back."""
    axis = geometry.normal if geometry.normal[2] > 0 else -geometry.normal
    center, position = geometry.to_patient(*center_px), np.asarray(geometry.position_mm)
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(vector: Vector) -> Vector:
        # Both lie in the plane, so nothing is along the axis.
        return np.asarray(cosine * vector + sine * np.cross(axis, vector))

    return replace(
        geometry,
        position_mm=_triple(center + turn(position - center)),
        row_direction=_triple(turn(np.asarray(geometry.row_direction))),
        column_direction=_triple(turn(np.asarray(geometry.column_direction))),
    )


def _picture_axes(
    geometry: SliceGeometry, center_px: tuple[float, float]
) -> tuple[Vector, Vector, bool]:
    """Return which directions run right and down in a cut of the slice.

    Also whether turning from right to down does so on the stored slice, too.
    """
    frame = patch_frame(geometry, center_px, PatchSpec())
    right, down = (
        np.asarray(geometry.row_direction) * float(np.sign(step[0]))
        + np.asarray(geometry.column_direction) * float(np.sign(step[1]))
        for step in (frame.step_u, frame.step_v)
    )
    (a, b), (c, d) = frame.step_u, frame.step_v
    return right, down, a * d - b * c > 0


def _grid(
    geometry: SliceGeometry, center_px: tuple[float, float], right: Vector, down: Vector
) -> SliceGeometry:
    """Return a grid as large and as fine as the slice, whose rows run to the patient's left."""
    along = right[0] * right + down[0] * down
    along /= np.linalg.norm(along)
    across = (down @ along) * right * -1 + (right @ along) * down
    spacing = min(geometry.pixel_spacing_mm)
    rows, columns = (max(1, round(size / spacing)) for size in geometry.size_mm)
    middle = (
        (center_px[0] + 0.5) / geometry.columns * columns - 0.5,
        (center_px[1] + 0.5) / geometry.rows * rows - 0.5,
    )
    start = geometry.to_patient(*center_px) - spacing * (middle[0] * along + middle[1] * across)
    return SliceGeometry(
        _triple(start), _triple(along), _triple(across), (spacing, spacing), rows, columns
    )


def _resampled(pixels: FloatImage, stored: SliceGeometry, grid: SliceGeometry) -> FloatImage:
    """Return the pixels on another grid of the same plane; 0 outside of the slice."""
    places = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    origin, right, down = (np.array(stored.to_pixel(grid.to_patient(*one))[:2]) for one in places)
    right, down = right - origin, down - origin
    # Pillow counts from the corner of the first pixel, and asks with half a pixel added.
    first = origin + 0.5 - 0.5 * (right + down)
    matrix = (right[0], down[0], first[0], right[1], down[1], first[1])
    image = Image.fromarray(np.ascontiguousarray(pixels, dtype=np.float32)).transform(
        (grid.columns, grid.rows), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
    )
    return np.asarray(image)


def _triple(values: Vector) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
