"""A made-up body of smooth blobs, and slices through it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture
from lumbargrade.study.model import Acquisition, Slice

FRAME = "1.9"
_DRAW = np.random.default_rng(5)
_MIDDLES = _DRAW.uniform((-40, -90, -150), (40, 90, 150), (400, 3))
_HEIGHTS = _DRAW.uniform(-1, 1, 400)
_WIDTH_MM = 9.0


def body(points_mm: NDArray[np.float64]) -> NDArray[np.float32]:
    """Brightness at points (..., 3)."""
    values = np.full(points_mm.shape[:-1], 100.0)
    for middle, height in zip(_MIDDLES, _HEIGHTS, strict=True):
        apart = ((points_mm - middle) ** 2).sum(axis=-1)
        values += 80.0 * height * np.exp(-apart / (2 * _WIDTH_MM**2))
    return values.astype(np.float32)


def _points(geometry: SliceGeometry) -> NDArray[np.float64]:
    rows, columns = np.mgrid[0 : geometry.rows, 0 : geometry.columns][..., np.newaxis]
    along, down = np.array(geometry.row_direction), np.array(geometry.column_direction)
    first, second = geometry.pixel_spacing_mm
    return np.asarray(geometry.position_mm + columns * second * along + rows * first * down)


def sagittal(frame: str = FRAME, x: float = 2.0) -> SagittalPicture:
    """260 mm high, ``x`` mm to the left of the middle."""
    geometry = SliceGeometry((x, -80.0, 130.0), (0, 1, 0), (0, 0, -1), (2.0, 2.0), 131, 81)
    return SagittalPicture("1.3", "1.3.1", 1, "sag", geometry, body(_points(geometry)), frame)


def axial(z: float, moved_mm: float = 0.0, frame: str = FRAME, angle_deg: float = 0.0) -> Slice:
    """A slice whose middle lies at ``z``, and whose coordinates say ``moved_mm`` further to the
    head; its front is ``angle_deg`` lower than its back.
    """
    angle = np.deg2rad(angle_deg)
    down = (0.0, float(np.cos(angle)), float(np.sin(angle)))
    y, start = -80.0 * down[1], z - 80.0 * down[2]
    true = SliceGeometry((-30.0, y, start), (1, 0, 0), down, (2.0, 2.0), 81, 31)
    said = SliceGeometry((-30.0, y, start + moved_mm), (1, 0, 0), down, (2.0, 2.0), 81, 31)
    pixels = body(_points(true))
    return Slice(
        "1.2",
        f"1.2.{z:.0f}",
        1,
        f"ax{z:.0f}",
        said,
        Acquisition(modality="MR"),
        pixels.copy,
        frame_of_reference_uid=frame,
    )
