"""A drawn picture whose answers are known: no patient's, and the same on every machine.

Soft ellipses where body, disc, canal and facets of an axial T2 slice lie, with a fine pattern
over them, so that a network's every kernel has something to answer to.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

BODY = (0.0, -10.0, 150.0, 100.0, 0.45)
DISC = (0.0, -24.0, 25.0, 18.0, -0.25)
SAC = (0.0, 2.0, 8.0, 6.0, 0.45)
CANAL = (0.0, 3.0, 12.0, 9.0, 0.1)
FACETS = ((-16.0, 12.0, 6.0, 8.0, -0.3), (16.0, 12.0, 6.0, 8.0, -0.3))
ROOTS = ((-10.0, -2.0, 2.5, 2.5, -0.2), (10.0, -2.0, 2.5, 2.5, -0.2))
"""Middle and half axes in mm (to the patient's left and back), and brightness added."""

STEPS = 255
"""Values are whole parts of this, and so are exact in a file of bytes."""


def known_picture(channels: int, pixels: int, spacing_mm: float) -> FloatArray:
    """Return (channels, pixels, pixels) with values from 0 to 1.

    The first channel is the picture; those after it are maps of disc, sac, canal, facets and
    roots, in the order of ``morphometry.layers.INPUT_LAYERS``.
    """
    axis = (np.arange(pixels, dtype=np.float64) - (pixels - 1) / 2) * spacing_mm
    x, y = axis[np.newaxis, :], axis[:, np.newaxis]
    shapes = [(BODY,), (DISC,), (SAC,), (CANAL,), FACETS, ROOTS]
    maps = [np.max([_inside(x, y, one) for one in each], axis=0) for each in shapes]
    picture = 0.05 + 0.04 * np.cos(1.3 * x + 0.4 * y) * np.cos(0.9 * y - 0.2 * x)
    for each, shape in zip(maps, shapes, strict=True):
        picture = picture + shape[0][4] * each
    stack = np.stack([picture, *maps[1:]])[:channels]
    return np.asarray(np.rint(STEPS * stack.clip(0, 1)) / STEPS, dtype=np.float32)


def _inside(x: NDArray[Any], y: NDArray[Any], shape: tuple[float, ...]) -> NDArray[np.float64]:
    """Return 1 inside an ellipse and 0 outside, with an edge of some millimetres."""
    left, back, across, deep = shape[:4]
    radius = np.hypot((x - left) / across, (y - back) / deep)
    soft: NDArray[np.float64] = ((1 - radius) * min(across, deep) / 2 + 0.5).clip(0, 1)
    return soft
