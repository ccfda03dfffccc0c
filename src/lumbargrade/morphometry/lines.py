"""Lengths, areas and distances of lines in mm; a closed line does not repeat its first point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.morphometry.outlines import Line

Numbers = NDArray[np.float64]

_CHORD_STEP_MM = 0.1
_POINT_MM = 1e-6
"""A shorter step of a line is a point twice."""


def signed_area(line: Line) -> float:
    """Return the area of a closed line (n, 2) in mm2, by the surveyor's formula.

    It is above 0 where the line runs from x towards y, clockwise in the picture.
    """
    before = np.roll(line, 1, axis=0)
    return float((before[:, 0] * line[:, 1] - line[:, 0] * before[:, 1]).sum() / 2)


def area(line: Line) -> float:
    """Return the area inside a closed line (n, 2) in mm2.

    Examples
    --------
    >>> area(np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 2.0], [0.0, 2.0]]))
    6.0
    """
    return abs(signed_area(line))


def centroid(line: Line) -> Numbers:
    """Return the centre of the area (x, y) inside a closed line (n, 2)."""
    middle = line.mean(axis=0)
    points = line - middle  # near zero, where the formula loses no digits
    before = np.roll(points, 1, axis=0)
    cross = before[:, 0] * points[:, 1] - points[:, 0] * before[:, 1]
    if abs(cross.sum()) < 1e-9:
        return np.asarray(middle)
    return np.asarray(middle + ((before + points) * cross[:, None]).sum(axis=0) / (3 * cross.sum()))


def close(line: Line) -> Line:
    """Return a closed line with its first point repeated at its end."""
    return np.concatenate([line, line[:1]])


def along(line: Line) -> Numbers:
    """Return how far along an open line (n, 2) each of its points lies, in mm: (n,)."""
    return np.asarray(np.r_[0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))])


def resample(line: Line, step_mm: float) -> Line:
    """Return an open line with points at even distances of about ``step_mm``, both ends kept."""
    places = along(line)
    count = max(int(np.ceil(places[-1] / step_mm)), 1) + 1
    wanted = np.linspace(0.0, places[-1], count)
    return np.column_stack([np.interp(wanted, places, line[:, axis]) for axis in (0, 1)])


def resample_closed(line: Line, step_mm: float) -> Line:
    """Return a closed line with points at even distances of about ``step_mm``."""
    return resample(close(line), step_mm)[:-1]


def feet(points: Numbers, line: Line) -> tuple[Numbers, Numbers]:
    """Return the nearest place on an open line (m, 2) to each of the points (n, 2).

    Returns
    -------
    feet : (n, 2), where the perpendicular from each point meets the line, or the nearest end
        of a segment.
    places : (n,), how far along the line each foot lies, in mm.
    """
    starts, steps = line[:-1], np.diff(line, axis=0)
    squared = (steps**2).sum(axis=1)
    per_length = 1.0 / np.where(squared > _POINT_MM**2, squared, 1.0)
    # x and y apart: an axis of length 2 would make every step several times slower
    x, y = (points[:, axis, None] - starts[None, :, axis] for axis in (0, 1))
    shares = np.clip((x * steps[:, 0] + y * steps[:, 1]) * per_length, 0.0, 1.0)
    x -= shares * steps[:, 0]
    y -= shares * steps[:, 1]
    best = (x * x + y * y).argmin(axis=1)
    rows = np.arange(len(points))
    found = points - np.column_stack([x[rows, best], y[rows, best]])
    return found, along(line)[best] + shares[rows, best] * np.sqrt(squared[best])


def distances(points: Numbers, line: Line) -> Numbers:
    """Return the distance of each of the points (n, 2) to an open line (m, 2), in mm: (n,)."""
    found, _ = feet(points, line)
    return np.asarray(np.hypot(*(points - found).T))


def inside(points: Numbers, line: Line) -> NDArray[np.bool_]:
    """Return which of the points (n, 2) lie inside a closed line (m, 2): (n,), even-odd rule."""
    ends, starts = line, np.roll(line, 1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    spans = (starts[:, 1] <= y) != (ends[:, 1] <= y)
    rise = np.where(ends[:, 1] == starts[:, 1], 1.0, ends[:, 1] - starts[:, 1])
    crossing = starts[:, 0] + (y - starts[:, 1]) / rise * (ends[:, 0] - starts[:, 0])
    return np.asarray((spans & (x < crossing)).sum(axis=1) % 2 == 1)


def between(line: Line, start_mm: float, end_mm: float) -> Line:
    """Return the part of an open line from ``start_mm`` to ``end_mm`` along it."""
    places = along(line)
    inner = line[(places > start_mm) & (places < end_mm)]
    ends = [[np.interp(at, places, line[:, axis]) for axis in (0, 1)] for at in (start_mm, end_mm)]
    return np.vstack([ends[0], inner, ends[1]])


def spans(line: Line, at: Numbers, axis: int) -> tuple[Numbers, Numbers]:
    """Return from where to where a closed line (n, 2) reaches, on each of the lines ``at``.

    Parameters
    ----------
    at : (m,) places in mm along ``axis`` (0: x, 1: y).

    Returns
    -------
    first, last : (m,) the lowest and the highest crossing, measured along the other axis;
        NaN where the line is not crossed.
    """
    ends, starts = line, np.roll(line, 1, axis=0)
    here, there = 1 - axis, axis
    crossed = (starts[:, there] <= at[:, None]) != (ends[:, there] <= at[:, None])
    rise = ends[:, there] - starts[:, there]
    share = (at[:, None] - starts[:, there]) / np.where(rise == 0, 1.0, rise)
    places = starts[:, here] + share * (ends[:, here] - starts[:, here])
    any_crossed = crossed.any(axis=1)
    first = np.where(crossed, places, np.inf).min(axis=1)
    last = np.where(crossed, places, -np.inf).max(axis=1)
    return np.where(any_crossed, first, np.nan), np.where(any_crossed, last, np.nan)


def longest_chord(line: Line, axis: int) -> float:
    """Return the longest straight way through a closed line along an axis (0: x, 1: y), in mm."""
    other = line[:, 1 - axis]
    low, high = float(other.min()), float(other.max())
    at = np.linspace(low, high, max(int((high - low) / _CHORD_STEP_MM), 8))[1:-1]
    first, last = spans(line, at, 1 - axis)
    chords = (last - first)[~np.isnan(first)]
    return float(chords.max(initial=0.0))
