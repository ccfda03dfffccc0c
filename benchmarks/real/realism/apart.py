"""How well simple statistics of one part of the picture tell real slices from simulated ones.

An area under the curve of 0.5 would be "cannot be told apart". It starts near 1 and falls
slowly: it says where the difference is, and is no aim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, laplace

from benchmarks.real.labels.learn import probability
from benchmarks.real.realism.seen import Floats, Seen, places
from benchmarks.real.realism.tones import Mask, canal_mask, inside
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.statistics.roc import area_under_curve

BAND_MM = (1.0, 9.0)
"""Behind the disc's back margin: recesses, fat and the front of the sac."""
BESIDE_MM = 20.0
FEWEST_PIXELS = 30
FOLDS = 5
PARTS = (10.0, 25.0, 50.0, 75.0, 90.0)
"""Percentiles of the greys that are features."""


def band(seen: Seen) -> Mask | None:
    """Return the pixels behind the disc, to ``BESIDE_MM`` at both sides of the canal's middle."""
    disc, wall = seen.outlines.disc, seen.outlines.canal_back
    if disc is None or wall is None:
        return None
    mask = inside(disc)
    rows, columns = np.indices(mask.shape)
    margin = np.where(mask.any(axis=0), mask.shape[0] - 1 - mask[::-1].argmax(axis=0), np.inf)
    near, far, beside = (one / OUTLINE_PATCH.spacing_mm for one in (*BAND_MM, BESIDE_MM))
    behind = rows - margin
    across = np.abs(columns - places(wall)[:, 0].mean()) <= beside
    return np.asarray(across & (behind >= near) & (behind <= far))


def disc_mask(seen: Seen) -> Mask | None:
    """Return the pixels of the disc."""
    return None if seen.outlines.disc is None else inside(seen.outlines.disc)


def facets_mask(seen: Seen) -> Mask | None:
    """Return the pixels of the articular processes of both sides."""
    if len(seen.outlines.facets) < 2:
        return None
    left, right = (inside(one) for one in seen.outlines.facets.values())
    return left | right


def whole(seen: Seen) -> Mask | None:
    """Return the whole square."""
    return np.ones((OUTLINE_PATCH.pixels, OUTLINE_PATCH.pixels), dtype=bool)


REGIONS: Mapping[str, Callable[[Seen], Mask | None]] = {
    "band behind the disc": band,
    "canal": canal_mask,
    "disc": disc_mask,
    "facets": facets_mask,
    "whole square": whole,
}


def statistics_of(patch: Floats, mask: Mask | None) -> Floats:
    """Return the features (12,) of the greys in a region; NaN where there is too little of it.

    Percentiles, spread and skewness of the greys, mean gradient and unevenness at two scales,
    the difference between the greys of both halves, and how much of the square it covers.
    """
    count = 0 if mask is None else int(mask.sum())
    if mask is None or count < FEWEST_PIXELS:
        return np.full(len(PARTS) + 7, np.nan)
    greys = patch[mask]
    spread = float(greys.std())
    skew = float(((greys - greys.mean()) ** 3).mean() / max(spread, 1e-6) ** 3)
    smooth = gaussian_filter(patch, 1.5)
    gradients = [np.hypot(*np.gradient(one))[mask].mean() for one in (patch, smooth)]
    rough = float(np.abs(laplace(patch))[mask].mean())
    columns = np.nonzero(mask)[1]
    left = columns >= np.median(columns)
    halves = abs(float(greys[left].mean() - greys[~left].mean())) if not left.all() else 0.0
    return np.array(
        [*np.percentile(greys, PARTS), spread, skew, *gradients, rough, halves, count / mask.size]
    )


def told_apart(real: Sequence[Seen], simulated: Sequence[Seen]) -> dict[str, float]:
    """Return region -> area under the curve, by patients that were not learned from.

    The mean over folds; NaN where one side has fewer than two patients.
    """
    slices = [*real, *simulated]
    is_real = np.arange(len(slices)) < len(real)
    fold = folds([one.patient for one in slices], is_real)
    found = {}
    for name, region in REGIONS.items():
        table = np.array(
            [statistics_of(one.patch.astype(np.float64), region(one)) for one in slices]
        )
        found[name] = _area(table, is_real, fold) if fold.max(initial=0) > 0 else np.nan
    return found


def folds(patients: Sequence[str], is_real: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the fold (n,) of each slice: a patient is in one, and each has patients of both."""
    names = np.array(patients)
    groups = [np.unique(names[kind]) for kind in (is_real, ~is_real)]
    count = min(FOLDS, *map(len, groups))
    fold = np.zeros(len(names), dtype=np.intp)
    for kind, group in zip((is_real, ~is_real), groups, strict=True):
        shuffled = np.random.default_rng(0).permutation(group)
        for number, patient in enumerate(shuffled):
            fold[kind & (names == patient)] = number % max(count, 1)
    return fold


def _area(table: Floats, is_real: NDArray[np.bool_], fold: NDArray[np.intp]) -> float:
    known = np.isfinite(table).all(axis=1)
    areas = []
    for one in np.unique(fold):
        train, test = known & (fold != one), known & (fold == one)
        if len({*is_real[train]}) < 2 or len({*is_real[test]}) < 2:
            continue
        score = probability(list(table.T), is_real, train, test)
        areas.append(float(area_under_curve(is_real[test], score, np.ones(int(test.sum())))))
    return float(np.mean(areas)) if areas else float("nan")
