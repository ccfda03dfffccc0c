"""Chance-corrected agreement of two raters from their table of counts.

Every function takes tables of shape (..., q, q), rows = reference and columns =
prediction, and works over the leading axes at once, which is what makes a bootstrap
of thousands of resamples cheap. All q grades count, also those that nobody gave.

Sources: Gwet, Handbook of Inter-Rater Reliability, 4th ed. (AC1, AC2, and their
variance); Cohen 1960 and 1968 (kappa, weighted kappa).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Weights = Literal["identity", "linear", "quadratic"]


def agreement_weights(grades: int, kind: Weights) -> Floats:
    """Return the (q, q) weights: 1 on the diagonal, less the further apart two grades are.

    Examples
    --------
    >>> agreement_weights(3, "linear")[0].tolist()
    [1.0, 0.5, 0.0]
    """
    if kind == "identity":
        return np.eye(grades)
    grade = np.arange(grades, dtype=np.float64)
    apart = np.abs(grade[:, None] - grade) / (grades - 1)
    return np.asarray(1 - (apart if kind == "linear" else apart**2), dtype=np.float64)


def confusion_table(reference: Integers, predicted: Integers, grades: int) -> Integers:
    """Return counts (q, q) from two vectors of grades 0..q-1."""
    flat = np.bincount(reference * grades + predicted, minlength=grades * grades)
    return flat.reshape(grades, grades).astype(np.int64)


def gwet(table: NDArray[np.generic], weights: Weights = "identity") -> Floats:
    """Return Gwet's AC1 (identity weights) or AC2 (others); NaN for an empty table."""
    shares, weight = _shares(table), agreement_weights(table.shape[-1], weights)
    observed, expected = _gwet_parts(shares, weight)
    return np.asarray((observed - expected) / (1 - expected))


def gwet_error(table: NDArray[np.generic], weights: Weights = "identity") -> Floats:
    """Return the standard error of :func:`gwet` for independent images.

    Images of one patient are not independent: for those take ``gwet_cluster_error``
    or the bootstrap over patients.
    """
    shares, weight = _shares(table), agreement_weights(table.shape[-1], weights)
    observed, expected = _gwet_parts(shares, weight)
    coefficient = ((observed - expected) / (1 - expected))[..., None, None]
    use = (shares.sum(-1) + shares.sum(-2)) / 2
    pair = 1 - (use[..., :, None] + use[..., None, :]) / 2
    influence = weight - 2 * (1 - coefficient) * _scale(weight) * pair
    spread = (shares * influence**2).sum((-2, -1)) - (
        observed - 2 * (1 - coefficient[..., 0, 0]) * expected
    ) ** 2
    images = np.asarray(table, dtype=np.float64).sum((-2, -1))
    return np.asarray(np.sqrt(np.maximum(spread, 0) / images) / (1 - expected))


def gwet_cluster_error(
    reference: Integers,
    predicted: Integers,
    clusters: Integers,
    grades: int,
    weights: Weights = "identity",
) -> float:
    """Return the standard error of :func:`gwet` when images come in clusters (patients).

    Parameters
    ----------
    reference, predicted, clusters : (n,), grades 0..q-1 and cluster indices.

    Returns
    -------
    float
        NaN for fewer than two clusters.
    """
    table = confusion_table(reference, predicted, grades)
    weight = agreement_weights(grades, weights)
    shares = _shares(table)
    observed, expected = (float(part) for part in _gwet_parts(shares, weight))
    coefficient = (observed - expected) / (1 - expected)
    use = (shares.sum(1) + shares.sum(0)) / 2
    by_chance = _scale(weight) * (1 - (use[reference] + use[predicted]) / 2)
    unit = (weight[reference, predicted] - expected) / (1 - expected)
    unit = unit - 2 * (1 - coefficient) * (by_chance - expected) / (1 - expected)
    _, index = np.unique(clusters, return_inverse=True)
    sums = np.bincount(index, unit - coefficient)
    if len(sums) < 2:
        return float("nan")
    variance = len(sums) / (len(sums) - 1) * float((sums**2).sum()) / len(unit) ** 2
    return float(np.sqrt(variance))


def gwet_interval(
    table: Integers, weights: Weights = "identity", confidence: float = 0.95
) -> tuple[float, float]:
    """Return Gwet's interval for independent images: Student's t, not above 1."""
    value, error = float(gwet(table, weights)), float(gwet_error(table, weights))
    reach = float(stdtrit(table.sum() - 1, (1 + confidence) / 2)) * error
    return value - reach, min(value + reach, 1.0)


def cohen(table: NDArray[np.generic], weights: Weights = "identity") -> Floats:
    """Return Cohen's kappa; NaN where it is undefined.

    It is undefined when both raters give the same single grade to everything, as then
    chance alone explains all agreement. A constant prediction has kappa 0.
    """
    shares, weight = _shares(table), agreement_weights(table.shape[-1], weights)
    observed = (shares * weight).sum((-2, -1))
    by_chance = shares.sum(-1)[..., :, None] * shares.sum(-2)[..., None, :]
    expected = (by_chance * weight).sum((-2, -1))
    room = 1 - expected
    possible = room > 1e-12
    return np.where(possible, (observed - expected) / np.where(possible, room, 1), np.nan)


def _shares(table: NDArray[np.generic]) -> Floats:
    """Counts to shares; an empty table gives NaN, never a made-up agreement."""
    counts = np.asarray(table, dtype=np.float64)
    total = counts.sum((-2, -1), keepdims=True)
    return counts / np.where(total > 0, total, np.nan)


def _scale(weight: Floats) -> float:
    grades = len(weight)
    return float(weight.sum()) / (grades * (grades - 1))


def _gwet_parts(shares: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Observed and expected agreement."""
    observed = (shares * weight).sum((-2, -1))
    use = (shares.sum(-1) + shares.sum(-2)) / 2
    return observed, _scale(weight) * (use * (1 - use)).sum(-1)
