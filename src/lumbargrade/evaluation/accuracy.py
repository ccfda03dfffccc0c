"""How often a grade is right, from the table of counts; and the area under the ROC curve.

Tables are (..., q, q), rows = reference, columns = prediction, as in ``agreement``.
What cannot be known (the recall of a grade that does not occur) is NaN, not 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Table = NDArray[np.generic]


def accuracy(table: Table) -> Floats:
    """Return the share of images with exactly the reference grade."""
    counts = _counts(table)
    return _ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum((-2, -1)))


def majority_baseline(table: Table) -> Floats:
    """Return the accuracy of always giving the most frequent reference grade."""
    counts = _counts(table)
    return _ratio(counts.sum(-1).max(-1), counts.sum((-2, -1)))


def recall(table: Table) -> Floats:
    """Return, per grade (..., q), the share of its images that were given that grade."""
    counts = _counts(table)
    return _ratio(_diagonal(counts), counts.sum(-1))


def precision(table: Table) -> Floats:
    """Return, per grade (..., q), the share of predictions of it that are right."""
    counts = _counts(table)
    return _ratio(_diagonal(counts), counts.sum(-2))


def f1(table: Table) -> Floats:
    """Return, per grade (..., q), the harmonic mean of precision and recall."""
    counts = _counts(table)
    return _ratio(2 * _diagonal(counts), counts.sum(-1) + counts.sum(-2))


def balanced_accuracy(table: Table) -> Floats:
    """Return the mean recall over the grades that occur in the reference."""
    found = recall(table)
    known = np.isfinite(found)
    return _ratio(np.where(known, found, 0).sum(-1), known.sum(-1))


def sensitivity(table: Table, lowest_positive: int) -> Floats:
    """Return the share of images at or above a grade that were graded so."""
    counts = _counts(table)[..., lowest_positive:, :]
    return _ratio(counts[..., lowest_positive:].sum((-2, -1)), counts.sum((-2, -1)))


def specificity(table: Table, lowest_positive: int) -> Floats:
    """Return the share of images below a grade that were graded so."""
    counts = _counts(table)[..., :lowest_positive, :]
    return _ratio(counts[..., :lowest_positive].sum((-2, -1)), counts.sum((-2, -1)))


def area_under_curve(
    positive: NDArray[np.bool_], score: Floats, weights: Floats | None = None
) -> Floats:
    """Return the area under the ROC curve, ties counted half.

    Parameters
    ----------
    positive : (n,) which images are truly positive.
    score : (n,) higher = more likely positive; finite.
    weights : (..., n) how often each image counts (a bootstrap's resamples); 1 by default.

    Returns
    -------
    NDArray
        (...); NaN where there is no positive or no negative image.

    Examples
    --------
    >>> float(area_under_curve(np.array([False, True]), np.array([0.1, 0.9])))
    1.0
    """
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, dtype=np.float64)
    if len(score) == 0:
        return np.full(weight.shape[:-1], np.nan)
    order = np.argsort(score, kind="stable")
    ranked = score[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    ordered, truth = weight[..., order], positive[order]
    ups = np.add.reduceat(ordered * truth, starts, axis=-1)
    downs = np.add.reduceat(ordered * ~truth, starts, axis=-1)
    below = np.cumsum(downs, axis=-1) - downs / 2
    return _ratio((ups * below).sum(-1), ups.sum(-1) * downs.sum(-1))


def _counts(table: Table) -> Floats:
    return np.asarray(table, dtype=np.float64)


def _diagonal(counts: Floats) -> Floats:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _ratio(part: Table, whole: Table) -> Floats:
    """Divide, with NaN where there is nothing to divide by."""
    bottom = np.asarray(whole, dtype=np.float64)
    return np.asarray(part, dtype=np.float64) / np.where(bottom > 0, bottom, np.nan)
