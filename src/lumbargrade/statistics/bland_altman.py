"""How far two measurements of the same things lie apart: bias, limits of agreement, median.

Patients have several slices each, and differences within a patient resemble each other. The
limits of agreement are therefore those for repeated pairs whose true value varies: the
variance within patients plus the variance between them, by a one-way analysis of variance of
the differences (Bland and Altman, J Biopharm Stat 2007;17:571, section 3). With one
measurement a patient they are the limits of Bland and Altman, Lancet 1986;1:307.

Each statistic is computed from sums over patients, and so of all resamples at once. A patient
drawn twice counts as two patients.

A spread of few patients is skewed, so a limit has no symmetric interval: that of the bias and that
of the reach from it to the limit (symmetric on the logarithmic scale) are put together as Zou does
(Stat Methods Med Res 2013;22:630), both errors from leaving out one patient at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.bootstrap import (
    Estimate,
    PatientBootstrap,
    Resampled,
    left_out,
    patient_interval,
    without_interval,
)
from lumbargrade.statistics.patients import too_few

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
    centre = float(difference.mean())  # so that squares of a large bias do not swamp the spread
    sums = _sums(difference - centre, bootstrap.patient, patients)
    whole = _bias_and_reach(sums.sum(0))
    drawn = _bias_and_reach(bootstrap.draws.astype(np.float64) @ sums)
    without = _bias_and_reach(sums.sum(0) - sums)
    lower, upper = (
        Resampled(
            centre + float(whole[0] + side * whole[1]),
            centre + drawn[0] + side * drawn[1],
            patients,
            formula=partial(_limit, side, centre + float(whole[0]), float(whole[1]), without),
        )
        for side in (-1, 1)
    )
    bias = Resampled(centre + float(whole[0]), centre + drawn[0], patients)
    return Agreement(bias, lower, upper, _median(np.abs(difference), bootstrap))


def _limit(
    side: int, bias: float, reach: float, without: tuple[Floats, Floats], confidence: float
) -> Estimate:
    """Return a limit (``side`` -1 or 1) with its interval; ``without`` each patient: both (P,)."""
    limit = float(bias + side * reach)
    patients = len(without[0])
    if not reach > 0 or not (without[1] > 0).all():
        return without_interval(limit, too_few(patients) or "no variation")
    of_bias = patient_interval(bias, left_out(without[0])[0], patients, "plain", confidence)
    error, freedom = left_out(np.log(without[1]))
    of_reach = patient_interval(reach, error * reach, patients, "amount", confidence, freedom)
    if reason := of_bias.reason or of_reach.reason:
        return without_interval(limit, reason)
    inward, outward = reach - of_reach.low, of_reach.high - reach
    low, high = (outward, inward) if side < 0 else (inward, outward)
    return Estimate(
        limit,
        limit - float(np.hypot(bias - of_bias.low, low)),
        limit + float(np.hypot(of_bias.high - bias, high)),
    )


def _sums(difference: Floats, patient: NDArray[np.int64], patients: int) -> Floats:
    """Return what each patient adds (P, 6) to the sums from which the limits follow."""
    each = np.bincount(patient, minlength=patients).astype(np.float64)
    total = np.bincount(patient, difference, patients)
    squares = np.bincount(patient, difference**2, patients)
    between = total**2 / each
    columns = (np.ones(patients), each, each**2, total, between, squares - between)
    return np.stack(columns, axis=1)


def _bias_and_reach(sums: Floats) -> tuple[Floats, Floats]:
    """Return the bias (...) and how far the limits are from it, of sums (..., 6)."""
    count, n, n_squared, whole, grouped, within = np.moveaxis(sums, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = whole / n
        # With one measurement a patient nothing is known of the spread within, and nothing needed.
        mean_within = np.where(n > count, within / (n - count), 0.0)
        mean_between = (grouped - whole * bias) / (count - 1)
        each_effective = (n - n_squared / n) / (count - 1)
        variance = mean_within + np.maximum((mean_between - mean_within) / each_effective, 0.0)
    reach = LIMIT * np.sqrt(np.where(count > 1, np.maximum(variance, 0.0), np.nan))
    return np.asarray(bias), np.asarray(reach)


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
