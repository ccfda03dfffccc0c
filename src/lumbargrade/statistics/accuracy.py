"""How often a grade is right, and by how much it is wrong, from the table of counts.

Tables are (..., q, q), rows = reference, columns = prediction, as in ``two_raters``.
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


def macro(per_grade: Floats, table: Table) -> Floats:
    """Return the plain mean over the grades that occur in the reference.

    A grade that was never given has no precision; it counts 0 here, or else a model would
    gain by never giving it. This is scikit-learn's average over ``labels`` that occur in the
    reference; by default it also averages over grades that were given and never are the
    reference. The macro recall is the balanced accuracy.

    ``per_grade`` is (..., q), of :func:`precision` or :func:`f1` of this table.
    """
    occurs = _counts(table).sum(-1) > 0
    return _ratio(np.where(occurs, np.nan_to_num(per_grade), 0).sum(-1), occurs.sum(-1))


def weighted(per_grade: Floats, table: Table) -> Floats:
    """Return the mean over grades, each weighed by how often it is the reference.

    As for :func:`macro`, an undefined precision counts 0. The weighted recall is the
    accuracy.
    """
    support = _counts(table).sum(-1)
    return _ratio((support * np.nan_to_num(per_grade)).sum(-1), support.sum(-1))


def off_by_one_accuracy(table: Table) -> Floats:
    """Return the share of images at most one grade away from the reference."""
    counts = _counts(table)
    return _ratio((counts * (_apart(counts) <= 1)).sum((-2, -1)), counts.sum((-2, -1)))


def mean_absolute_error(table: Table) -> Floats:
    """Return the mean distance between given and reference grade, in grades."""
    counts = _counts(table)
    return _ratio((counts * _apart(counts)).sum((-2, -1)), counts.sum((-2, -1)))


def sensitivity(table: Table, lowest_positive: int) -> Floats:
    """Return the share of images at or above a grade that were graded so."""
    counts = _counts(table)[..., lowest_positive:, :]
    return _ratio(counts[..., lowest_positive:].sum((-2, -1)), counts.sum((-2, -1)))


def specificity(table: Table, lowest_positive: int) -> Floats:
    """Return the share of images below a grade that were graded so."""
    counts = _counts(table)[..., :lowest_positive, :]
    return _ratio(counts[..., :lowest_positive].sum((-2, -1)), counts.sum((-2, -1)))


def positive_predictive_value(table: Table, lowest_positive: int) -> Floats:
    """Return the share of images that are at or above a grade among those graded so.

    It holds for a group with as many positive images as this one, and for no other.
    """
    return sensitivity(np.swapaxes(table, -1, -2), lowest_positive)


def negative_predictive_value(table: Table, lowest_positive: int) -> Floats:
    """Return the share of images that are below a grade among those graded so."""
    return specificity(np.swapaxes(table, -1, -2), lowest_positive)


def _counts(table: Table) -> Floats:
    return np.asarray(table, dtype=np.float64)


def _diagonal(counts: Floats) -> Floats:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _apart(counts: Floats) -> Floats:
    grade = np.arange(counts.shape[-1], dtype=np.float64)
    return np.abs(grade[:, None] - grade)


def _ratio(part: Table, whole: Table) -> Floats:
    """Divide, with NaN where there is nothing to divide by."""
    bottom = np.asarray(whole, dtype=np.float64)
    return np.asarray(part, dtype=np.float64) / np.where(bottom > 0, bottom, np.nan)
