"""One slice's outlines as a row of numbers, all in mm from the middle of the disc's back margin.

x to the patient's left, y to the back; the midline lies half-way between the sac's middle and
the middle between the two joints.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.outline import drawn_from
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.outlines import Line, Outlines

Row = NDArray[np.float64]

MARGIN_X_MM = np.arange(-24.0, 24.1, 3.0)
"""Where the back margin of the disc is read."""
WALL_X_MM = np.arange(-13.5, 13.6, 1.5)
"""Where the back wall of the canal is read; beside the canal it lies on the disc."""
SAC_ANGLES = np.linspace(0, 2 * np.pi, 24, endpoint=False)
"""Directions from the middle of the sac, 0 to the left, a quarter turn to the back."""

PARTS = {"margin": 17, "wall": 19, "joint_left": 4, "joint_right": 4, "sac_y": 1, "sac": 24}
"""What the row holds, in its order, and how many numbers of each: a joint's are x and y of its
medial end, then of its lateral end."""


def shape_row(masks: NDArray[np.uint8], planes: NDArray[np.float32]) -> Row | None:
    """Return the row (69,) of a slice from its masks (layers, p, p), or None if a part lacks."""
    layers = (masks / np.float32(255)).astype(np.float32)
    outlines = drawn_from(layers, planes, roots_in_sac=False).outlines
    if outlines.sac is None or outlines.disc is None:
        return None
    joints = _joints(outlines)
    if joints is None:
        return None
    sac_middle = outlines.sac.mean(axis=0)
    middle = (sac_middle[0] + (joints[0, 0] + joints[2, 0]) / 2) / 2
    disc, canal = (layers[LAYERS.index(name)] > 0.5 for name in ("disc", "canal"))
    margin = _lowest(disc, MARGIN_X_MM + middle)
    front = float(np.mean(_lowest(disc, middle + np.linspace(-3, 3, 7))))
    wall = np.fmax(_lowest(canal, WALL_X_MM + middle), _lowest(disc, WALL_X_MM + middle))
    origin = np.array([middle, front])
    height = (outlines.sac[:, 1].min() + outlines.sac[:, 1].max()) / 2
    radius = _radii(outlines.sac, np.array([middle, height]))
    ends = (joints - origin).ravel()
    parts = [margin - front, wall - front, ends, [height - front], radius]
    row = np.concatenate(parts)
    return row if np.isfinite(row).all() else None


def _joints(outlines: Outlines) -> NDArray[np.float64] | None:
    """Return (4, 2): medial and lateral end of the left joint, then of the right."""
    lines = [outlines.joints.get(side) for side in (Side.LEFT, Side.RIGHT)]
    if any(line is None or len(line) < 3 for line in lines):
        return None
    return np.stack([line[end] for line in lines if line is not None for end in (0, -1)])


def _lowest(mask: NDArray[np.bool_], x_mm: Row) -> Row:
    """Return y (mm) of the hindmost pixel of a mask under each x; NaN where there is none."""
    pixels, spacing = OUTLINE_PATCH.pixels, OUTLINE_PATCH.size_mm / OUTLINE_PATCH.pixels
    column = np.clip(np.round(x_mm / spacing + pixels / 2 - 0.5).astype(int), 0, pixels - 1)
    chosen = mask[:, column]
    last = pixels - 1 - chosen[::-1].argmax(axis=0)
    return np.where(chosen.any(axis=0), (last + 1 - pixels / 2) * spacing, np.nan)


def _radii(sac: Line, middle: Row) -> Row:
    """Return the distance (mm) of the outline from the middle, in each direction."""
    dense = np.concatenate(
        [a + (b - a) * t for a, b in zip(sac, np.roll(sac, -1, 0), strict=True) for t in _STEPS]
    ).reshape(-1, 2)
    away = dense - middle
    angle, distance = np.arctan2(away[:, 1], away[:, 0]), np.hypot(*away.T)
    off = np.abs(np.angle(np.exp(1j * (angle[:, None] - SAC_ANGLES))))
    return np.asarray(distance[off.argmin(axis=0)])


_STEPS = np.linspace(0, 1, 5)[:-1]
