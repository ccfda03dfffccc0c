"""Where the roots lie in one cross-section of the sac: pushed apart, drawn together, sunk.

Roots that have room lie as their ``Habit`` says; a narrow sac overrules it.

A relaxation in the plane. Its result is geometry, from which grades are measured and
pictures are painted alike; it knows neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.canal import Canal
from lumbargrade.phantom.anatomy.cauda import Spacing, filled_area, spacing_that_fits
from lumbargrade.phantom.anatomy.level import ANGLES

Values = NDArray[np.floating[Any]]

STEPS = 48
WALL_MM = 0.15
"""CSF between a root and the dura."""
DRAW = 0.16
"""Largest step of a small clump's roots to its middle, as a share of the distance."""
SINK_MM = 0.35
"""Largest step towards the back, where there is spare room."""
ROOMY = (0.03, 0.15)
"""Spare area (share) at which habit begins to show, and at which it rules [design]."""


@dataclass(frozen=True)
class Habit:
    """How a person's roots lie where they have room; it means nothing for a grade.

    Attributes
    ----------
    group : (n,) roots of one group lie together.
    group_mm : CSF between the roots of a group.
    between_mm : CSF between roots of different groups.
    drift : (n, 2) direction in which a root sinks: (to the patient's left, to the back).
    """

    group: NDArray[np.int64]
    group_mm: float
    between_mm: float
    drift: Values

    def of(self, chosen: NDArray[np.bool_]) -> Habit:
        """Return the habit of some of the roots."""
        return replace(self, group=self.group[chosen], drift=self.drift[chosen])


@dataclass(frozen=True)
class Roots:
    """The roots in the sac at one height.

    Attributes
    ----------
    radius : (n,) mm.
    natural_mm : CSF that they keep between each other where they fill the sac.
    seed : (2,) where a clump starts, in units of the sac's radius; v to the back.
    habit : how they lie where there is room.
    """

    radius: Values
    natural_mm: float
    seed: Values
    habit: Habit


def pack(canal: Canal, zeta: float, start: Values, roots: Roots) -> Values:
    """Return positions (n, 2) in units of the sac's radius, from ``start`` in the same units."""
    rim = rim_of(canal, zeta)
    area = float(np.sum(rim**2) * np.pi / len(rim))
    spacing = spacing_that_fits(roots.radius, area, roots.natural_mm)
    spare = area / filled_area(roots.radius, spacing) - 1.0
    draw = DRAW * (1 - spacing.clump_share)  # a sac full of one bundle needs no drawing together
    sink = SINK_MM * float(np.clip(2.5 * spare, 0, 1))
    point: Values = start * towards(rim, start)[:, None]
    clumped = _nearest(point, roots.seed * rim.mean(), spacing.clump_share)
    clearance = _clearances(clumped, spacing)
    clearance += _ease(spare) * (_habitual(roots) - clearance)
    apart = roots.radius[:, None] + roots.radius[None] + clearance
    lonely = np.eye(len(point)) * 99  # a root is not pushed by itself
    for step in range(STEPS):
        square = (point**2).sum(axis=1)
        square = square[:, None] + square[None] - 2 * point @ point.T
        distance = np.sqrt(np.maximum(square, 1e-6)) + lonely
        push = np.clip(apart - distance, 0, 1.5) / distance
        # the sum of (point_i - point_j) push_ij over j
        point = point + 0.45 * (push.sum(axis=1)[:, None] * point - push @ point)
        fading = 1 - step / (0.6 * STEPS)  # at last, only the roots' own room counts
        if fading > 0:
            point += sink * fading * roots.habit.drift  # gravity, supine
            if clumped.any():
                point[clumped] += draw * fading * (point[clumped].mean(axis=0) - point[clumped])
        point = confine(rim, point, roots.radius)
    return point / towards(rim, point)[:, None]


def rim_of(canal: Canal, zeta: float) -> Values:
    """Return the sac's radius (64,) in mm at one height, at the angles of the canal's table."""
    return canal.sac_radius(ANGLES, np.full(len(ANGLES), zeta))


def towards(rim: Values, point: Values) -> Values:
    """Return the sac's radius (n,) in the direction of each point (n, 2)."""
    turns = np.arctan2(point[:, 1], point[:, 0]) / (2 * np.pi) % 1.0
    place = turns * len(rim)
    low = place.astype(np.int64)
    share, low = place - low, low % len(rim)
    return np.asarray((1 - share) * rim[low] + share * rim[(low + 1) % len(rim)])


def confine(rim: Values, point: Values, radius: Values) -> Values:
    """Keep every root (n, 2), in mm from the sac's centre, inside its wall."""
    distance = np.hypot(point[:, 0], point[:, 1]) + 1e-6
    limit = np.maximum(towards(rim, point) - radius - WALL_MM, WALL_MM)
    return np.asarray(point * np.minimum(1.0, limit / distance)[:, None])


def _nearest(point: Values, seed: Values, share: float) -> NDArray[np.bool_]:
    """Choose the share of the points that lies nearest to ``seed``."""
    count = round(share * len(point))
    chosen = np.zeros(len(point), dtype=bool)
    chosen[np.argsort(np.hypot(*(point - seed).T))[:count]] = True
    return chosen


def _clearances(clumped: NDArray[np.bool_], spacing: Spacing) -> Values:
    """CSF (n, n) that every pair of roots should keep."""
    both = clumped[:, None] & clumped[None]
    return np.where(both, spacing.together_mm, spacing.apart_mm)


def _ease(spare: float) -> float:
    """How far habit rules (0..1) in a sac with this spare area."""
    return float(np.clip((spare - ROOMY[0]) / (ROOMY[1] - ROOMY[0]), 0, 1))


def _habitual(roots: Roots) -> Values:
    """CSF (n, n) between every pair of roots that have room."""
    same = roots.habit.group[:, None] == roots.habit.group[None]
    return np.where(same, roots.habit.group_mm, roots.habit.between_mm)
