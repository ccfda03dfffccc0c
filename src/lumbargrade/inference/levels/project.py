"""Where an axial slice lies beside the discs of a sagittal series.

Everything is in patient coordinates (LPS, mm). The line through a disc's centre along its cranial
axis stands for the spine there: where the slice's plane crosses it, the slice is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lumbargrade.grading.level import DiscPlace, Through
from lumbargrade.inference.sagittal.discs import SpineDisc
from lumbargrade.study.model import Slice
from lumbargrade.study.series.stacks import thickness_mm

FARTHEST_MM = 25.0
"""Half of what neighbouring lumbar discs are apart at most, and a little [design]."""

LONE_MM = 15.0
"""How far the word of a disc reaches where the distance to the next one is not known [design]."""

NEXT_DISC_MM = 46.0
"""Between discs that are farther apart, and not counted from the sacrum, one was not found."""

STEEPEST_DEG = 60.0
"""A slice at a larger angle to a disc has no sensible place beside it [design]."""

LEAST_DISC_MM = 1.5
"""A slice as near as this to the middle of a disc runs through it, however low it is [design]."""

OUTSIDE_SHARE = 1 / 8
"""The middle of a slice through a disc lies this share of its thickness, 0.5 mm of 4, or more
within the end-plate, so that five eighths of it show disc [design]."""


@dataclass(frozen=True)
class Beside:
    """The nearest disc of a slice: ``disc`` is its index, caudal to cranial."""

    disc: int
    place: DiscPlace


def beside(item: Slice, discs: Sequence[SpineDisc]) -> Beside | None:
    """Return the disc nearest to a slice, and the slice's place beside it.

    None where the slice lies beyond the reach of every disc: past the outermost one, farther than
    half the way to where the next would be, or where the series may have missed one.
    """
    if not discs:
        return None
    distances = [distance_mm(item, disc) for disc in discs]
    index = int(np.argmin(np.abs(distances)))
    distance, (below, above) = distances[index], _reach_mm(discs, index)
    if not -below <= distance <= above:
        return None
    disc = discs[index]
    through = through_at(distance, disc.height_mm, thickness_mm(item))
    return Beside(index, DiscPlace(distance, angle_deg(item, disc), through))


def distance_mm(item: Slice, disc: SpineDisc) -> float:
    """Return how far above (positive) or below the disc's centre a slice crosses its axis, in mm.

    Infinite where the slice is too steep to it.
    """
    normal = item.geometry.normal
    along = float(normal @ disc.cranial)
    if abs(along) < np.cos(np.deg2rad(STEEPEST_DEG)):
        return float("inf")
    return float((item.geometry.center_mm - disc.center_mm) @ normal) / along


def angle_deg(item: Slice, disc: SpineDisc) -> float:
    """Return the angle between a slice and the middle plane of a disc, 0 to 90 degrees."""
    cosine = abs(float(item.geometry.normal @ disc.cranial))
    return float(np.degrees(np.arccos(min(1.0, cosine))))


def through_at(distance_mm: float, height_mm: float, thickness_mm: float) -> Through:
    """Return what a slice runs through at the middle of a disc [design].

    Disc: its middle lies within the end-plates by an eighth of its thickness or more, or 1.5 mm
    or less from the middle of the disc. End-plate: else, if the slice touches the disc at all.
    Bone: otherwise. Of a slice of 4 mm the limits are 0.5 mm within the end-plate and 2 mm beyond.
    """
    off, half = abs(distance_mm), height_mm / 2
    if off <= max(half - OUTSIDE_SHARE * thickness_mm, LEAST_DISC_MM):
        return Through.DISC
    touches = off <= max(half, LEAST_DISC_MM) + thickness_mm / 2
    return Through.ENDPLATE if touches else Through.BONE


def follows(lower: SpineDisc, upper: SpineDisc) -> bool:
    """Return whether no disc lies between two that follow each other in a series."""
    if lower.above_sacrum is not None and upper.above_sacrum is not None:
        return upper.above_sacrum - lower.above_sacrum == 1
    return _apart_mm(lower, upper) <= NEXT_DISC_MM


def _reach_mm(discs: Sequence[SpineDisc], index: int) -> tuple[float, float]:
    """Return how far below and above a disc a slice may lie and still be named by it."""
    gaps = [_gap(lower, upper) for lower, upper in pairwise(discs)]
    below = gaps[index - 1] if index > 0 else None
    above = gaps[index] if index < len(gaps) else None
    return _side_mm(below, above), _side_mm(above, below)


@dataclass(frozen=True)
class _Gap:
    """Between two discs of a series: whether they are neighbours, and half of one step."""

    closed: bool
    half_step_mm: float


def _gap(lower: SpineDisc, upper: SpineDisc) -> _Gap:
    apart, closed = _apart_mm(lower, upper), follows(lower, upper)
    if lower.above_sacrum is None or upper.above_sacrum is None:
        return _Gap(closed, apart / 2 if closed else LONE_MM)
    return _Gap(closed, apart / 2 / max(1, upper.above_sacrum - lower.above_sacrum))


def _side_mm(own: _Gap | None, other: _Gap | None) -> float:
    """Return the reach on the side of ``own``; None: no disc there, ``other`` says how far."""
    if own is not None and own.closed:
        return FARTHEST_MM
    known = own or other
    return LONE_MM if known is None else min(FARTHEST_MM, known.half_step_mm)


def _apart_mm(lower: SpineDisc, upper: SpineDisc) -> float:
    return float(np.linalg.norm(upper.center_mm - lower.center_mm))
