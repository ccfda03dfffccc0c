"""Pixels as a browser gets them: whole numbers of 16 bits, from which no grey value is lost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.model import FloatImage

MOST = 65535

SixteenBit = NDArray[np.uint16]


def sixteen_bit(pixels: FloatImage) -> SixteenBit:
    """Return a slice (rows, columns) as uint16 in the same order of grey.

    Whole numbers that fit stay what they are, or all move up by the same where some are negative.
    Others (fractions after a rescale, a range beyond 16 bits) are spread over the 16 bits.
    """
    least, most = float(pixels.min()), float(pixels.max())
    whole = bool((pixels == np.rint(pixels)).all())
    if whole and least >= 0 and most <= MOST:
        return pixels.astype(np.uint16)
    moved = pixels.astype(np.float64) - least
    if whole and most - least <= MOST:
        return moved.astype(np.uint16)
    scale = MOST / (most - least) if most > least else 0.0
    return np.rint(moved * scale).astype(np.uint16)
