"""Maps as the disc finder would answer them for discs that are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.sagittal.square import CELL_MM, CELLS

SIGMA_MM = 6.0


def corners_around(
    x: float, y: float, depth: float = 36.0, height: float = 10.0
) -> NDArray[np.float64]:
    """A level disc space around (x, y) mm of the square."""
    half, tall = depth / 2, height / 2
    return np.array(
        [[x - half, y - tall], [x + half, y - tall], [x + half, y + tall], [x - half, y + tall]]
    )


def maps_of(
    discs: Sequence[NDArray[np.float64]], lowest: int | None = 0, height: float = 0.9
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits (2, c, c) and corners (8, c, c) in cm; ``lowest`` lies on the sacrum."""
    axis = (np.arange(CELLS) + 0.5 - CELLS / 2) * CELL_MM
    y, x = np.meshgrid(axis, axis, indexing="ij")
    peaks = np.full((2, CELLS, CELLS), 1e-6)
    corners = np.zeros((8, CELLS, CELLS))
    nearest = np.full((CELLS, CELLS), np.inf)
    for number, disc in enumerate(discs):
        away = np.hypot(x - disc[:, 0].mean(), y - disc[:, 1].mean())
        own = height * np.exp(-(away**2) / (2 * SIGMA_MM**2))
        peaks[0] = np.maximum(peaks[0], own)
        if number == lowest:
            peaks[1] = np.maximum(peaks[1], own)
        said = np.stack([part for corner in disc for part in (corner[0] - x, corner[1] - y)]) / 10
        corners = np.where(away < nearest, said, corners)
        nearest = np.minimum(nearest, away)
    logits = np.log(peaks / (1 - peaks))
    return logits.astype(np.float32), corners.astype(np.float32)
