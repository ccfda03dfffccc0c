"""How well a score puts ordered classes in order, whatever its scale.

Concordance is the share of pairs of images of different classes in which the higher class has
the higher score, ties counted half: the area under the ROC curve for two classes, and the mean
of the areas of every two classes weighed by their pairs for more (Harrell's c; Somers' D is
2c - 1). Rank correlation is Spearman's, ties at their mean rank.

Sources: Harrell et al., Stat Med 1996;15:361; Somers, Am Sociol Rev 1962;27:799; Spearman 1904.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.bootstrap import PatientBootstrap
from lumbargrade.statistics.roc import area_under_curve, resampled_areas
from lumbargrade.statistics.ties import levelled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Names = NDArray[np.generic]
Booleans = NDArray[np.bool_]


def concordance(reference: Integers, score: Floats, strata: Names | None = None) -> float:
    """Return the concordance of ordered classes and a score.

    Parameters
    ----------
    reference : (n,) classes in their order.
    score : (n,) higher = likelier of a higher class.
    strata : (n,) only images of the same stratum (a disc level) make a pair; by default all do.

    Returns
    -------
    float
        NaN where no two images make a pair, or a score is NaN.

    Examples
    --------
    >>> concordance(np.array([0, 1, 2, 2]), np.array([0.1, 0.4, 0.3, 0.9]))
    0.8
    """
    won = pairs = 0.0
    for both, positive in _two_classes(reference, strata):
        count = float(positive.sum()) * float((~positive).sum())
        won += count * float(area_under_curve(positive, score[both]))
        pairs += count
    return won / pairs if pairs else float("nan")


def resampled_concordance(
    reference: Integers, score: Floats, bootstrap: PatientBootstrap, strata: Names | None = None
) -> Floats:
    """Return :func:`concordance` in every resample (B,); NaN where there is no pair."""
    won, pairs = np.zeros(len(bootstrap.draws)), np.zeros(len(bootstrap.draws))
    for both, positive in _two_classes(reference, strata):
        some = bootstrap.of_images(both)
        count = _drawn(some, positive) * _drawn(some, ~positive)
        area = resampled_areas(positive, score[both], some)
        won += np.where(count > 0, area * count, 0.0)
        pairs += count
    return np.asarray(won / np.where(pairs > 0, pairs, np.nan))


def rank_correlation(reference: Integers, score: Floats, weights: Floats | None = None) -> Floats:
    """Return Spearman's rank correlation.

    Parameters
    ----------
    reference, score : (n,) numbers.
    weights : (..., n) how often each image counts (a bootstrap's resamples); 1 by default.

    Returns
    -------
    NDArray
        (...); NaN where one of the two does not vary, or a score is NaN.

    Examples
    --------
    >>> float(rank_correlation(np.array([0, 1, 2]), np.array([0.2, 0.5, 0.9])).round(6))
    1.0
    """
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, dtype=np.float64)
    if len(score) == 0 or np.isnan(score).any():
        return np.full(weight.shape[:-1], np.nan)
    first, second = (_mean_ranks(np.asarray(one), weight) for one in (reference, score))
    total = weight.sum(-1, keepdims=True)
    total = np.where(total > 0, total, np.nan)
    first -= (weight * first).sum(-1, keepdims=True) / total
    second -= (weight * second).sum(-1, keepdims=True) / total
    spread = (weight * first**2).sum(-1) * (weight * second**2).sum(-1)
    return np.asarray(
        (weight * first * second).sum(-1) / np.sqrt(np.where(spread > 0, spread, np.nan))
    )


def resampled_correlation(
    reference: Integers, score: Floats, bootstrap: PatientBootstrap
) -> Floats:
    """Return :func:`rank_correlation` in every resample (B,)."""
    drawn = [rank_correlation(reference, score, some) for some in bootstrap.image_weights()]
    return np.concatenate([np.zeros(0), *drawn])


def _two_classes(reference: Integers, strata: Names | None) -> Iterator[tuple[Booleans, Booleans]]:
    """Yield, for every two classes of a stratum, which images (n,) and which of them are higher."""
    whose = np.zeros(len(reference), dtype=np.int64) if strata is None else strata
    for stratum in np.unique(whose):
        inside = whose == stratum
        for low, high in combinations(np.unique(reference[inside]), 2):
            both = inside & ((reference == low) | (reference == high))
            yield both, reference[both] == high


def _drawn(bootstrap: PatientBootstrap, which: Booleans) -> Floats:
    """Return how many of these images (n,) every resample (B,) holds."""
    patients = bootstrap.draws.shape[1]
    counts = np.bincount(bootstrap.patient[which], minlength=patients)
    return np.asarray(bootstrap.draws @ counts, dtype=np.float64)


def _mean_ranks(values: NDArray[np.generic], weight: Floats) -> Floats:
    """Return the rank (..., n) of each image, ties at their mean, each image counted by weight."""
    _, place = np.unique(levelled(values), return_inverse=True)
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(place[order]) > 0])
    there = np.add.reduceat(weight[..., order], starts, axis=-1)
    return np.asarray((np.cumsum(there, axis=-1) - there / 2)[..., place])
