"""From the disc finder's maps to discs on one sagittal square."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.inference.sagittal.square import CELL_MM, CELLS

FloatArray = NDArray[np.float32]
FloatMm = NDArray[np.float64]

LEAST = 0.25
"""Peaks below this are no discs."""
APART_MM = 12.0
"""Of two discs that are nearer than this the surer one is kept: half the least distance of
neighbouring discs (25 mm)."""
NEAR_SACRAL_MM = 9.0
"""The chance of lying on the sacrum is the largest so near to a disc's middle."""


@dataclass(frozen=True, eq=False)
class Peak:
    """One disc on a square.

    Attributes
    ----------
    corners_mm : (4, 2: x to the back, y to the feet) from the middle of the square.
    confidence : 0 to 1, that there is a disc.
    on_sacrum : 0 to 1, that it lies on the sacrum.
    """

    corners_mm: NDArray[np.float64]
    confidence: float
    on_sacrum: float


def peaks_of(middles: FloatArray, corners: FloatArray) -> list[Peak]:
    """Return the discs of one square, the surest first.

    Parameters
    ----------
    middles : logits (2, c, c) of the middle of a disc and of the one on the sacrum.
    corners : (8, c, c) from each cell to the corners, x and y of each in turn, in cm.
    """
    chance = 1.0 / (1.0 + np.exp(-np.clip(middles.astype(np.float64), -30, 30)))
    discs, sacral = chance
    highest = discs == ndimage.maximum_filter(discs, size=3, mode="nearest")
    rows, columns = np.nonzero(highest & (discs >= LEAST))
    order = np.argsort(-discs[rows, columns], kind="stable")
    kept: list[Peak] = []
    for row, column in zip(rows[order], columns[order], strict=True):
        found = _corners(discs, corners, int(row), int(column))
        middle = found.mean(axis=0)
        if all(np.hypot(*(middle - one.corners_mm.mean(axis=0))) >= APART_MM for one in kept):
            kept.append(Peak(found, float(discs[row, column]), _near(sacral, middle)))
    return kept


def _corners(
    discs: NDArray[np.float64], corners: FloatArray, row: int, column: int
) -> NDArray[np.float64]:
    """Corners (4, 2) as the cells around the peak see them, by how sure they are."""
    window = np.s_[
        max(row - 1, 0) : min(row + 2, CELLS), max(column - 1, 0) : min(column + 2, CELLS)
    ]
    weights = discs[window] / discs[window].sum()
    y, x = np.mgrid[window]
    places = np.stack([_mm(x), _mm(y)] * (len(corners) // 2))
    said = places + 10.0 * corners[(slice(None), *window)].astype(np.float64)
    return np.asarray((said * weights).sum(axis=(1, 2)).reshape(-1, 2), dtype=np.float64)


def _near(sacral: FloatMm, middle: FloatMm) -> float:
    y, x = (_mm(axis) for axis in np.mgrid[0:CELLS, 0:CELLS])
    near = np.hypot(x - middle[0], y - middle[1]) <= NEAR_SACRAL_MM
    return float(sacral[near].max(initial=0.0))


def _mm(cells: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray((cells + 0.5 - CELLS / 2) * CELL_MM, dtype=np.float64)
