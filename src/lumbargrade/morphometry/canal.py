"""The canal: closed by the disc in front, open where only its back wall is drawn."""

from __future__ import annotations

import numpy as np

from lumbargrade.morphometry.lines import (
    along,
    between,
    close,
    distances,
    feet,
    inside,
    resample_closed,
)
from lumbargrade.morphometry.outlines import Line

_STEP_MM = 0.5
_NEAR_MM = 1.0
"""The canal's outline lies on the disc where it is this near: one or two pixels of the network."""


def canal_outline(disc: Line, canal_back: Line) -> Line:
    """Return the closed outline of the canal, from the right recess by the apex to the left.

    Its back wall is closed along the margin of the disc between the points nearest to the
    wall's two ends: the shorter of the two ways around the disc, which is its back.

    Parameters
    ----------
    disc : (n, 2) in mm, closed.
    canal_back : (m, 2) in mm, open.
    """
    return np.vstack([canal_back, disc_back(disc, canal_back)[::-1]])


def disc_back(disc: Line, canal_back: Line) -> Line:
    """Return the disc's margin in front of the canal, an open line from right to left.

    It runs between the points of the disc (n, 2), closed, that are nearest to the two ends of
    the canal's back wall (m, 2).
    """
    around = close(disc)
    length = along(around)[-1]
    _, (right, left) = feet(canal_back[[0, -1]], around)
    first, last = sorted((float(right), float(left)))
    inner = between(around, first, last)
    if last - first > length / 2:
        outer = np.vstack([between(around, last, length), between(around, 0.0, first)[1:]])
        return outer if right >= left else outer[::-1].copy()
    return inner if right <= left else inner[::-1].copy()


def canal_back(canal_outline: Line, disc: Line) -> Line:
    """Return the back wall of the canal, an open line from the patient's right to the left.

    It is the longest part of the canal's closed outline that does not lie on the disc. A wall
    that was drawn to end short of the disc now reaches it.
    """
    outline = resample_closed(canal_outline, _STEP_MM)
    away = (distances(outline, close(disc)) > _NEAR_MM) & ~inside(outline, disc)
    if away.all() or not away.any():
        return _right_first(outline)
    turned = np.roll(outline, -int(np.argmin(away)), axis=0)
    kept = np.roll(away, -int(np.argmin(away)))  # begins on the disc
    edges = np.flatnonzero(np.diff(np.r_[False, kept, False].astype(int)))
    start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda run: run[1] - run[0])
    return _right_first(turned[max(start - 1, 0) : end + 1])


def _right_first(line: Line) -> Line:
    """x grows to the patient's left."""
    return line if line[0, 0] <= line[-1, 0] else line[::-1].copy()
