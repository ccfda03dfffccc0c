"""The canal: its outline, closed by the disc in front, its area and its depth.

The outlines of what is measured are in the upright frame (``frame``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from lumbargrade.morphometry.drawing import filled
from lumbargrade.morphometry.lines import (
    along,
    area,
    between,
    close,
    distances,
    feet,
    inside,
    resample_closed,
    spans,
)
from lumbargrade.morphometry.outlines import Line, NotMeasured, Outlines, drawn

APEX_REACH_MM = 6.0
"""The apex of the back wall is looked for so near to the midline."""
LARGEST_SHARE_OUTSIDE = 0.15
"""Two tracers' canal and sac differ by less; more of a sac outside of the canal is an error."""

_STEP_MM = 0.5
_PIXEL_MM = 1.0
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


def canal_area(outlines: Outlines) -> float:
    """The area between the disc's back margin and the back wall, recesses included, in mm2."""
    return area(_canal(outlines))


def canal_depth(outlines: Outlines) -> float:
    """From the disc's back margin to the apex of the back wall, straight to the front, in mm."""
    disc, wall = drawn(outlines.disc, "the disc"), wall_across(outlines)
    central = wall[np.abs(wall[:, 0]) <= APEX_REACH_MM]
    if not len(central):
        raise NotMeasured("the back wall of the canal has no point near the midline")
    x, y = central[central[:, 1].argmax()]
    _, (margin,) = spans(disc, np.array([x]), axis=0)
    if not y > margin:
        raise NotMeasured("the disc does not lie in front of the canal's back wall")
    return float(y - margin)


def free_canal_area(outlines: Outlines) -> float:
    """The area of the canal that the sac leaves free: fat and roots, in mm2."""
    canal, sac = _canal(outlines), drawn(outlines.sac, "the dural sac")
    middle = canal.mean(axis=0)
    pixels = 2 * int(np.ceil(np.abs(np.vstack([canal, sac]) - middle).max() / _PIXEL_MM) + 1)
    canal_mask, sac_mask = (filled(one - middle, pixels, _PIXEL_MM) for one in (canal, sac))
    shared = float(np.minimum(canal_mask, sac_mask).sum()) * _PIXEL_MM**2
    if shared < (1 - LARGEST_SHARE_OUTSIDE) * area(sac):
        raise NotMeasured("the sac lies partly outside of the canal")
    return max(area(canal) - shared, 0.0)


def wall_across(outlines: Outlines) -> Line:
    """The back wall; raises NotMeasured where it does not reach across the midline."""
    wall = drawn(outlines.canal_back, "the back wall of the canal")
    if not wall[:, 0].min() < 0 < wall[:, 0].max():
        raise NotMeasured("the back wall of the canal does not cross the midline")
    return wall


def _canal(outlines: Outlines) -> Line:
    return canal_outline(drawn(outlines.disc, "the disc"), wall_across(outlines))


FORMULAS: Mapping[str, Callable[[Outlines], float]] = MappingProxyType(
    {
        "canal_area_mm2": canal_area,
        "canal_depth_mm": canal_depth,
        "free_canal_area_mm2": free_canal_area,
    }
)
