"""From outlines to masks: how much of each pixel a shape covers.

The centre of the picture is (0, 0) mm. The centre of the pixel in column ``c`` lies at
``x = (c + 0.5) * spacing_mm - pixels * spacing_mm / 2``; rows run along y in the same way.
``contour`` goes the other way.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lumbargrade.morphometry.lines import distances
from lumbargrade.morphometry.outlines import Line, Root

Mask = NDArray[np.float32]
"""(pixels, pixels), row by column, the covered share of each pixel: 0..1."""

_ROWS_OF_A_PIXEL = 8
"""A pixel is cut into so many rows; along a row the covered length is exact."""


def filled(line: Line, pixels: int, spacing_mm: float) -> Mask:
    """Return the mask of what lies inside a closed line (n, 2)."""
    ends = line / spacing_mm + pixels / 2  # in pixels from the upper left corner
    starts = np.roll(ends, 1, axis=0)
    rows = (np.arange(pixels * _ROWS_OF_A_PIXEL) + 0.5) / _ROWS_OF_A_PIXEL
    down = (starts[:, 1] <= rows[:, None]) & (rows[:, None] < ends[:, 1])
    up = (ends[:, 1] <= rows[:, None]) & (rows[:, None] < starts[:, 1])
    row, edge = np.nonzero(down | up)
    start, step = starts[edge], ends[edge] - starts[edge]
    crossing = start[:, 0] + (rows[row] - start[:, 1]) / step[:, 1] * step[:, 0]
    right = np.clip(np.arange(1, pixels + 1) - crossing[:, None], 0.0, 1.0)
    covered = np.zeros((len(rows), pixels))
    np.add.at(covered, row, np.where(up[row, edge], 1.0, -1.0)[:, None] * right)
    covered = np.clip(np.abs(covered), 0.0, 1.0)
    shares = covered.reshape(pixels, _ROWS_OF_A_PIXEL, pixels).mean(axis=1)
    return np.asarray(shares, np.float32)


def stroke(line: Line, pixels: int, spacing_mm: float, width_mm: float) -> Mask:
    """Return the mask of an open line (n, 2) drawn ``width_mm`` wide, with round ends."""
    apart = distances(_centres(pixels, spacing_mm), line).reshape(pixels, pixels)
    return _edge(width_mm / 2 - apart, spacing_mm)


def disks(roots: Iterable[Root], pixels: int, spacing_mm: float) -> Mask:
    """Return the mask of round roots; where two overlap, the larger share counts.

    A root narrower than about two pixels may cover no pixel by half: then ``contour.blobs``
    does not find it again.
    """
    centres = _centres(pixels, spacing_mm)
    mask = np.zeros((pixels, pixels), np.float32)
    for root in roots:
        apart = np.hypot(*(centres - root.centre_mm).T).reshape(pixels, pixels)
        mask = np.maximum(mask, _edge(root.diameter_mm / 2 - apart, spacing_mm))
    return mask


def _centres(pixels: int, spacing_mm: float) -> NDArray[np.float64]:
    """(pixels * pixels, 2): x and y of each pixel's centre, row by row."""
    places = (np.arange(pixels) + 0.5 - pixels / 2) * spacing_mm
    x, y = np.meshgrid(places, places)
    return np.column_stack([x.ravel(), y.ravel()])


def _edge(depth_mm: NDArray[np.float64], spacing_mm: float) -> Mask:
    """The covered share of pixels whose centres lie so deep inside a straight edge."""
    return np.clip(depth_mm / spacing_mm + 0.5, 0.0, 1.0).astype(np.float32)
