"""The roots of the cauda equina: sizes, the CSF between them, and the sac that they fill.

With room, roots sink to the back, singly or in groups, as they please. A narrower sac
spreads them over the whole of it, and they come closer; then some of them clump, which
gives the others room again; at last all lie in one bundle. So behind a sac without CSF in
front, roots are either plainly apart or plainly together, and Lee's grades 1, 2 and 3
differ by what a reader sees, not by a fraction of a pixel. Where there is CSF in front,
roots that touch say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]

DORSAL_AREAS_MM2 = (3.5, 4.5, 4.8, 5.3, 5.8, 3.3, 1.6, 0.6, 0.2, 0.1)
"""Dorsal root area of L2..L5, S1..S5, Co (Hogan 1996); the ventral root has half."""
PACKING = 0.82
"""Share of the sac that roots with their clearance can fill."""
TIGHT_MM = 0.57
"""Least CSF between roots that are still apart [design]; nearer than 0.5 counts as together."""
LOOSE_MM = 1.0
"""CSF around roots beside a clump [design]."""
TOGETHER_MM = 0.05
"""CSF between the roots of a clump [design]."""
SEVERE_SHARE = 0.93
"""A clump of this share of the roots is one bundle."""


@dataclass(frozen=True)
class Spacing:
    """How roots lie: CSF (mm) around those apart, share in a clump, CSF within the clump."""

    apart_mm: float
    clump_share: float = 0.0
    together_mm: float = TOGETHER_MM


def root_radii(area_scale: float = 1.0) -> tuple[Values, NDArray[np.int64], Values]:
    """Return radius (mm), segment (0 = L2) and side (+1 left, -1 right) of all 40 roots.

    ``area_scale`` is a person's root area as a share of ``DORSAL_AREAS_MM2``.
    """
    areas = area_scale * np.repeat(DORSAL_AREAS_MM2, 4) * np.tile([1.0, 0.5, 1.0, 0.5], 10)
    return np.sqrt(areas / np.pi), np.repeat(np.arange(10), 4), np.tile([1.0, 1.0, -1.0, -1.0], 10)


def roots_below(index: int, area_scale: float = 1.0) -> Values:
    """Return the radii (mm) of the roots that are in the sac at a disc (0 = L1/2)."""
    radius, segment, _ = root_radii(area_scale)
    return np.asarray(radius[segment > index])


def filled_area(radius: Values, spacing: Spacing) -> float:
    """Sac area (mm2) that roots fill when they lie as ``spacing`` says."""

    def area(clearance_mm: float) -> float:
        kept = np.maximum(radius + clearance_mm / 2, 0.05)
        return float(np.sum(np.pi * kept**2) / PACKING)

    share = spacing.clump_share
    return (1 - share) * area(spacing.apart_mm) + share * area(spacing.together_mm)


def spacing_that_fits(radius: Values, area_mm2: float, natural_mm: float) -> Spacing:
    """Return how roots lie in a sac of ``area_mm2`` when they like ``natural_mm`` of CSF."""
    if filled_area(radius, Spacing(TIGHT_MM)) <= area_mm2:
        return Spacing(_fit(lambda mm: filled_area(radius, Spacing(mm)), area_mm2, natural_mm))
    loose, clump = (filled_area(radius, Spacing(LOOSE_MM, share)) for share in (0.0, 1.0))
    share = (loose - area_mm2) / (loose - clump)
    if share <= 1:
        return Spacing(LOOSE_MM, share)
    bundle = _fit(lambda mm: filled_area(radius, Spacing(mm, 1.0, mm)), area_mm2, TOGETHER_MM)
    return Spacing(LOOSE_MM, 1.0, bundle)


def _fit(area_of: Any, area_mm2: float, highest_mm: float) -> float:
    """Largest clearance (mm, may be negative) up to ``highest_mm`` that fits into the area."""
    low, high = -0.6, highest_mm
    if area_of(high) <= area_mm2:
        return high
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (low, middle) if area_of(middle) > area_mm2 else (middle, high)
    return low


@dataclass(frozen=True)
class Landmarks:
    """Sac areas (mm2) at a level below which the picture changes."""

    no_front_csf: float
    some_clumped: float
    one_bundle: float


def stenosis_landmarks(radius: Values, natural_mm: float) -> Landmarks:
    """Return the areas at which Lee's grades 1, 2 and 3 begin for roots of these radii (mm)."""
    return Landmarks(
        no_front_csf=filled_area(radius, Spacing(natural_mm)),
        some_clumped=filled_area(radius, Spacing(TIGHT_MM)),
        one_bundle=filled_area(radius, Spacing(LOOSE_MM, SEVERE_SHARE)),
    )
