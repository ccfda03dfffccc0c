"""How far two measurements of the same things lie apart: bias, limits of agreement, median.

Patients have several slices each, and differences within a patient resemble each other. The
limits of agreement are therefore those for repeated pairs whose true value varies: the
variance within patients plus the variance between them, by a one-way analysis of variance of
the differences (Bland and Altman, J Biopharm Stat 2007;17:571, section 3). With one
measurement a patient they are the limits of Bland and Altman, Lancet 1986;1:307.

Each statistic is computed from sums over patients, and so of all resamples at once. A patient
drawn twice counts as two patients.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled

Floats = NDArray[np.float64]

LIMIT = 1.96
"""Standard deviations from the bias to either limit: 95 % of a normal distribution."""


@dataclass(frozen=True)
class Agreement:
    """Differences, first measurement less second, in the unit of the measurements.

    Attributes
    ----------
    bias : mean difference.
    lower, upper : limits of agreement; NaN with fewer than two patients.
    median_distance : median of the absolute differences.
    """

    bias: Resampled
    lower: Resampled
    upper: Resampled
    median_distance: Resampled


def agreement(difference: Floats, bootstrap: PatientBootstrap) -> Agreement:
    """Return the agreement of n >= 1 pairs, and what it is in each resample of their patients.

    Parameters
    ----------
    difference : (n,) first measurement less second, finite.
    bootstrap : of the patients of these n.
    """
    patients = bootstrap.patients
    once = np.ones((1, patients))
    drawn = bootstrap.draws.astype(np.float64)
    centre = float(difference.mean())  # so that squares of a large bias do not swamp the spread
    bias, lower, upper = (
        Resampled(centre + float(whole[0]), centre + draws, patients)
        for whole, draws in zip(
            _limits(difference - centre, bootstrap.patient, once),
            _limits(difference - centre, bootstrap.patient, drawn),
            strict=True,
        )
    )
    return Agreement(bias, lower, upper, _median(np.abs(difference), bootstrap))


def _limits(
    difference: Floats, patient: NDArray[np.int64], draws: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return bias and both limits (B,) where each patient counts ``draws`` (B, P) times."""
    patients = draws.shape[1]
    each = np.bincount(patient, minlength=patients).astype(np.float64)
    total = np.bincount(patient, difference, patients)
    squares = np.bincount(patient, difference**2, patients)
    between = total**2 / each
    columns = (np.ones(patients), each, each**2, total, between, squares - between)
    count, n, n_squared, whole, grouped, within = (draws @ np.stack(columns, axis=1)).T
    bias = whole / n
    with np.errstate(divide="ignore", invalid="ignore"):
        # With one measurement a patient nothing is known of the spread within, and nothing needed.
        mean_within = np.where(n > count, within / (n - count), 0.0)
        mean_between = (grouped - whole * bias) / (count - 1)
        each_effective = (n - n_squared / n) / (count - 1)
        variance = mean_within + np.maximum((mean_between - mean_within) / each_effective, 0.0)
    reach = LIMIT * np.sqrt(np.where(count > 1, np.maximum(variance, 0.0), np.nan))
    return bias, bias - reach, bias + reach


def _median(distance: Floats, bootstrap: PatientBootstrap) -> Resampled:
    order = np.argsort(distance, kind="stable")
    ascending = distance[order]
    draws = [weighted_median(ascending, some[:, order]) for some in bootstrap.image_weights()]
    drawn = np.concatenate([np.empty(0), *draws])
    return Resampled(float(np.median(distance)), drawn, bootstrap.patients)


def weighted_median(ascending: Floats, times: Floats) -> Floats:
    """Return the medians (B,) of sorted values (n,) of which each counts ``times`` (B, n).

    ``times`` are whole numbers, in each row more than none.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 2.0, 4.0]), np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 3.0]]))
    array([2.5, 4. ])
    """
    so_far = times.cumsum(1)
    total = so_far[:, -1:]
    # The two in the middle, which are one and the same if their number is odd.
    lower = (so_far < np.ceil(total / 2)).sum(1)
    upper = (so_far < np.floor(total / 2) + 1).sum(1)
    return np.asarray((ascending[lower] + ascending[upper]) / 2)
