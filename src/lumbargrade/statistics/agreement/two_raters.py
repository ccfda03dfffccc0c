"""Chance-corrected agreement of two raters from their table of counts.

Every function takes tables of shape (..., q, q), rows = reference and columns =
prediction, and works over the leading axes at once, which is what makes a bootstrap
of thousands of resamples cheap. All q grades count, also those that nobody gave.

A coefficient comes with its pull: how far an image in a cell of the table draws the
coefficient from its value (the influence function of the delta method). The same pull
gives the error of independent images (:func:`table_error`) and, image by image, of
images in clusters (``bootstrap.cluster_error``).

Sources: Gwet, Handbook of Inter-Rater Reliability, 4th ed. (AC1, AC2, and their
variance); Cohen 1960 and 1968 (kappa, weighted kappa); Fleiss, Cohen and Everitt,
Psychol Bull 1969;72:323 (the variance of weighted kappa).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.agreement.weights import Weights, agreement_weights

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Table = NDArray[np.generic]

NO_ROOM = 1e-12
"""Below this much room above chance agreement, a kappa is undefined."""


def confusion_table(reference: Integers, predicted: Integers, grades: int) -> Integers:
    """Return counts (q, q) from two vectors of grades 0..q-1."""
    flat = np.bincount(reference * grades + predicted, minlength=grades * grades)
    return flat.reshape(grades, grades).astype(np.int64)


def gwet(table: Table, weights: Weights = "identity") -> Floats:
    """Return Gwet's AC1 (identity weights) or AC2 (others); NaN for an empty table."""
    observed, expected = _gwet_parts(_shares(table), agreement_weights(table.shape[-1], weights))
    return np.asarray((observed - expected) / (1 - expected))


def gwet_pull(table: Table, weights: Weights = "identity") -> Floats:
    """Return the pull (..., q, q) of each cell on :func:`gwet`; its mean over images is 0."""
    shares, weight = _shares(table), agreement_weights(table.shape[-1], weights)
    observed, expected = (part[..., None, None] for part in _gwet_parts(shares, weight))
    coefficient = (observed - expected) / (1 - expected)
    use = (shares.sum(-1) + shares.sum(-2)) / 2
    by_chance = _scale(weight) * (1 - (use[..., :, None] + use[..., None, :]) / 2)
    pull = weight - observed - 2 * (1 - coefficient) * (by_chance - expected)
    return np.asarray(pull / (1 - expected))


def cohen(table: Table, weights: Weights = "identity") -> Floats:
    """Return Cohen's kappa; NaN where it is undefined.

    It is undefined when both raters give the same single grade to everything, as then
    chance alone explains all agreement. A constant prediction has kappa 0.
    """
    observed, expected = _cohen_parts(_shares(table), agreement_weights(table.shape[-1], weights))
    return np.asarray((observed - expected) / _room(expected))


def cohen_pull(table: Table, weights: Weights = "identity") -> Floats:
    """Return the pull (..., q, q) of each cell on :func:`cohen`; its mean over images is 0."""
    shares, weight = _shares(table), agreement_weights(table.shape[-1], weights)
    observed, expected = (part[..., None, None] for part in _cohen_parts(shares, weight))
    room = _room(expected)
    coefficient = (observed - expected) / room
    # What a grade of one rater agrees by chance with those of the other, and the reverse.
    of_row = (weight @ shares.sum(-2)[..., :, None])[..., 0]
    of_column = (weight @ shares.sum(-1)[..., :, None])[..., 0]
    by_chance = of_row[..., :, None] + of_column[..., None, :]
    pull = weight - observed - (1 - coefficient) * (by_chance - 2 * expected)
    return np.asarray(pull / room)


def table_error(table: Table, pull: Floats) -> Floats:
    """Return the standard error (...) of a coefficient for independent images.

    Images of one patient are not independent: for those take
    ``bootstrap.cluster_error`` or the bootstrap over patients. ``pull`` is of each cell.
    """
    images = np.asarray(table, dtype=np.float64).sum((-2, -1))
    return np.asarray(np.sqrt((_shares(table) * pull**2).sum((-2, -1)) / images))


def _shares(table: Table) -> Floats:
    """Counts to shares; an empty table gives NaN, never a made-up agreement."""
    counts = np.asarray(table, dtype=np.float64)
    total = counts.sum((-2, -1), keepdims=True)
    return counts / np.where(total > 0, total, np.nan)


def _scale(weight: Floats) -> float:
    grades = len(weight)
    return float(weight.sum()) / (grades * (grades - 1))


def _room(expected: Floats) -> Floats:
    room = 1 - expected
    return np.where(room > NO_ROOM, room, np.nan)


def _gwet_parts(shares: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Observed and expected agreement."""
    observed = (shares * weight).sum((-2, -1))
    use = (shares.sum(-1) + shares.sum(-2)) / 2
    return observed, _scale(weight) * (use * (1 - use)).sum(-1)


def _cohen_parts(shares: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Observed and expected agreement."""
    observed = (shares * weight).sum((-2, -1))
    by_chance = shares.sum(-1)[..., :, None] * shares.sum(-2)[..., None, :]
    return observed, (by_chance * weight).sum((-2, -1))
