"""Scores of a slice from its measures alone, the direction of each fixed by anatomy.

Nothing here is learned from a label. What is known of the measures beforehand: how much they
vary over all slices.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side

Floats = NDArray[np.float64]

WORSE: Mapping[str, int] = {
    "disc_displacement_mm": 1,
    "displacement_ratio": 1,
    "intrafacet_depth_mm": -1,
    "sac_area_mm2": -1,
    "sac_depth_mm": -1,
    "sac_width_mm": -1,
    "canal_area_mm2": -1,
    "canal_depth_mm": -1,
    "free_canal_area_mm2": -1,
    "ventral_csf_mm": -1,
    "root_share": 1,
    "root_clusters": -1,
    "recess_depth_mm": -1,
    "root_gap_mm": -1,
    "root_displacement_mm": 1,
    "facet_angle_deg": 1,
    "flavum_thickness_mm": 1,
}
"""Measure -> 1 where more is worse, -1 where less is. Roots that stick together make few
clusters. The place of the apex has no direction."""

SIDED = tuple(f"_{side}" for side in Side)

COMBINED: Mapping[str, tuple[str, ...]] = {
    "narrow sac": ("sac_area_mm2", "sac_depth_mm"),
    "narrow canal": ("canal_depth_mm", "canal_area_mm2"),
    "narrow canal and sac": ("canal_depth_mm", "canal_area_mm2", "sac_area_mm2", "sac_depth_mm"),
    "disc": ("disc_displacement_mm", "displacement_ratio", "intrafacet_depth_mm"),
    "recess and root": ("recess_depth_mm", "root_gap_mm", "root_displacement_mm"),
    "disc and canal": ("disc_displacement_mm", "displacement_ratio", "canal_depth_mm"),
    "everything": (
        "disc_displacement_mm",
        "displacement_ratio",
        "intrafacet_depth_mm",
        "canal_depth_mm",
        "canal_area_mm2",
        "sac_area_mm2",
        "sac_depth_mm",
        "recess_depth_mm",
        "root_gap_mm",
        "flavum_thickness_mm",
    ),
}
"""Mean of the measures in their own spread, each towards the worse; what is missing counts not.
Written down before any of them was tried."""

CHOSEN: Mapping[str, tuple[str, ...]] = {
    "chosen: recess and disc": ("recess_depth_mm", "displacement_ratio"),
    "chosen: recess, disc and line": (
        "recess_depth_mm",
        "displacement_ratio",
        "intrafacet_depth_mm",
    ),
}
"""In the same way, but chosen on the half to tune on, among the means of up to four measures:
there they flatter."""

LARGEST = 3.0
"""A measure counts at most so many spreads from its middle: one wild outline decides nothing."""


def worse_sides(
    measures: Mapping[str, Floats], worse: Mapping[str, int] = WORSE
) -> dict[str, Floats]:
    """Return one score (n,) a measure, higher = worse: of the worse side, where it has sides."""
    found: dict[str, Floats] = {}
    for name, sign in worse.items():
        sides = [measures[one] for one in sided(name) if one in measures]
        if sides:
            found[name] = np.fmax.reduce([sign * one for one in sides])
    return found


def combined(
    scores: Mapping[str, Floats],
    combinations: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, Floats]:
    """Return combinations of :func:`worse_sides`, (n,) each; without a word, the fixed ones.

    A combination is left out if none of its parts is known.
    """
    if combinations is None:
        combinations = {**COMBINED, **CHOSEN}
    standard = {name: standardised(one) for name, one in scores.items()}
    found: dict[str, Floats] = {}
    for name, parts in combinations.items():
        stack = np.array([standard[part] for part in parts if part in standard])
        if len(stack) == 0:
            continue
        known = np.isfinite(stack).sum(axis=0)
        total = np.nansum(stack, axis=0)
        found[name] = np.where(known > 0, total / np.maximum(known, 1), np.nan)
    return found


def standardised(score: Floats) -> Floats:
    """Return a score (n,) less its median, in its own spread (half the central 68 %), limited."""
    known = score[np.isfinite(score)]
    if len(known) == 0:
        return score
    low, middle, high = np.percentile(known, (16, 50, 84))
    return np.asarray(np.clip((score - middle) / max((high - low) / 2, 1e-9), -LARGEST, LARGEST))


def sided(name: str) -> tuple[str, ...]:
    """Return a measure's name without a side and with each."""
    return (name, *(name + side for side in SIDED))
