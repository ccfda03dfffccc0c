"""Where the roots lie in one cross-section of the sac: pushed apart, drawn together, sunk.

A relaxation in the plane. Its result is geometry, from which grades are measured and
pictures are painted alike; it knows neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.canal import ANGLES, Canal
from lumbargrade.phantom.cauda import Spacing, filled_area, spacing_that_fits

Values = NDArray[np.floating[Any]]

STEPS = 48
WALL_MM = 0.15
"""CSF between a root and the dura."""
DRAW = 0.16
"""Largest step of a small clump's roots to its middle, as a share of the distance."""
SINK_MM = 0.25
"""Largest step towards the back, where there is spare room."""


@dataclass(frozen=True)
class Roots:
    """The roots in the sac at one height.

    Attributes
    ----------
    radius : (n,) mm.
    natural_mm : CSF that they keep between each other where there is room.
    seed : (2,) where a clump starts, in units of the sac's radius; v to the back.
    """

    radius: Values
    natural_mm: float
    seed: Values


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
    apart = roots.radius[:, None] + roots.radius[None] + _clearances(clumped, spacing)
    for step in range(STEPS):
        delta = point[:, None] - point[None]
        distance = np.sqrt((delta**2).sum(axis=-1)) + np.eye(len(point)) * 99 + 1e-3
        overlap = np.clip(apart - distance, 0, 1.5)
        point = point + 0.45 * (delta / distance[..., None] * overlap[..., None]).sum(axis=1)
        fading = 1 - step / (0.6 * STEPS)  # at last, only the roots' own room counts
        if fading > 0:
            point[:, 1] += sink * fading  # gravity, supine
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
