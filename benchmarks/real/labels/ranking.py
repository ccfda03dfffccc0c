"""Areas under the curve over all slices, within level and of one level, by patient.

"Within level" compares two slices only where they are of the same level, each level weighed
by its pairs, so that knowing the level alone earns 0.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled
from lumbargrade.statistics.roc import area_under_curve

Floats = NDArray[np.float64]
Names = NDArray[np.str_]


@dataclass(frozen=True)
class Ranked:
    """Slices that have a label or have it not, and a score.

    Attributes
    ----------
    patients, levels : (n,).
    positive : (n,) bool.
    score : (n,) higher = more likely positive.
    """

    patients: Names
    levels: Names
    positive: NDArray[np.bool_]
    score: Floats

    def where(self, which: NDArray[np.bool_]) -> Ranked:
        """Return some of the slices (n,)."""
        return Ranked(
            self.patients[which], self.levels[which], self.positive[which], self.score[which]
        )


Area = Callable[[Ranked, Floats], Floats]
"""From slices and weights (..., n) to areas (...), NaN where there is no pair."""


def over_all(ranked: Ranked, weights: Floats) -> Floats:
    """Return the area of all pairs."""
    return area_under_curve(ranked.positive, ranked.score, weights)


def within_level(ranked: Ranked, weights: Floats) -> Floats:
    """Return the mean area of the levels, each weighed by its pairs of slices."""
    total, pairs = np.zeros(weights.shape[:-1]), np.zeros(weights.shape[:-1])
    for level in np.unique(ranked.levels):
        own = ranked.levels == level
        area = area_under_curve(ranked.positive[own], ranked.score[own], weights[..., own])
        ups, downs = (
            weights[..., own & kind].sum(-1) for kind in (ranked.positive, ~ranked.positive)
        )
        total += np.where(ups * downs > 0, np.nan_to_num(area) * ups * downs, 0.0)
        pairs += ups * downs
    return np.asarray(total / np.where(pairs > 0, pairs, np.nan))


def at_level(level: str) -> Area:
    """Return the area of the pairs of one level, as a function."""

    def area(ranked: Ranked, weights: Floats) -> Floats:
        own = ranked.levels == level
        return area_under_curve(ranked.positive[own], ranked.score[own], weights[..., own])

    return area


def bare(area: Area, ranked: Ranked) -> float:
    """Return an area without an interval."""
    return float(area(ranked, np.ones(len(ranked.score))))


def resampled(area: Area, ranked: Ranked, bootstrap: PatientBootstrap) -> Resampled:
    """Return an area with its value in each resample of the patients of ``ranked``."""
    draws = [area(ranked, some) for some in bootstrap.image_weights()]
    return Resampled(
        bare(area, ranked), np.concatenate([np.zeros(0), *draws]), bootstrap.patients, "share"
    )
