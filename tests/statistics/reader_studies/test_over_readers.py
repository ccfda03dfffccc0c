"""Against MRMCaov on the data of Van Dyke et al. 1993, 5 readers and 114 patients.

The figures are those that the authors of MRMCaov print (areas of each reader, mean squares,
covariances by jackknife); the data themselves are not part of this project.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from lumbargrade.statistics.reader_studies.over_readers import (
    from_covariance,
    left_out_covariance,
    over_readers,
)

SPIN_ECHO = np.array([0.9196457, 0.8587762, 0.9038647, 0.9731079, 0.8297907])
CINE = np.array([0.9478261, 0.9053140, 0.9217391, 0.9993559, 0.9299517])


def evenly(variance: float, covariance: float) -> np.ndarray:
    """The covariance of five readers who all have the same variance and share the same."""
    return covariance + (variance - covariance) * np.eye(5)


@pytest.mark.parametrize(
    ("areas", "variance", "covariance", "square", "these"),
    [
        (SPIN_ECHO, 0.0010141028, 0.0004839618, 0.003082629, 0.02428971),
        (CINE, 0.0005904738, 0.0002041879, 0.001304602, 0.01677632),
    ],
)
def test_means_of_one_way_are_those_of_mrmcaov(
    areas: np.ndarray, variance: float, covariance: float, square: float, these: float
) -> None:
    found = from_covariance(areas, evenly(variance, covariance))
    assert found.mean_square == pytest.approx(square, rel=1e-5)
    assert found.these_error == pytest.approx(these, rel=1e-5)
    assert found.like_these_error == pytest.approx(math.sqrt(square / 5 + covariance), rel=1e-5)


@pytest.mark.parametrize(
    ("areas", "covariance", "error", "freedom", "ends"),
    [
        (SPIN_ECHO, 0.0004771788, 0.0330712, 12.58802, (0.8253526, 0.9687214)),
        (CINE, 0.0002009512, 0.0214912, 12.53391, (0.8942323, 0.9874424)),
    ],
)
def test_intervals_for_other_readers_are_those_of_mrmcaov(
    areas: np.ndarray,
    covariance: float,
    error: float,
    freedom: float,
    ends: tuple[float, float],
) -> None:
    """Its covariances by the unbiased method, random readers and random patients."""
    found = from_covariance(areas, evenly(0.0, covariance))
    assert found.like_these_error == pytest.approx(error, rel=1e-5)
    assert found.like_these_freedom == pytest.approx(freedom, rel=1e-5)
    shown = found.like_these(114)
    assert (shown.low, shown.high) == pytest.approx(ends, abs=1e-6)


def test_the_covariance_is_that_of_means_without_each_patient() -> None:
    """Of means it is the usual one: sum of products over n (n - 1)."""
    sample = np.random.default_rng(3).normal(size=(30, 4))
    without = (sample.sum(0) - sample) / 29
    assert left_out_covariance(without) == pytest.approx(np.cov(sample.T) / 30)


def test_these_readers_are_the_mean_of_all_patients() -> None:
    sample = np.random.default_rng(4).normal(size=(40, 3))
    found = over_readers(sample.mean(0), (sample.sum(0) - sample) / 39)
    assert found.these_error == pytest.approx(sample.mean(1).std(ddof=1) / math.sqrt(40))
    assert found.readers == 3


def test_the_error_for_other_readers_is_never_the_smaller() -> None:
    """All readers have the same figure by chance: the patients' error remains."""
    found = from_covariance(np.full(5, 0.8), evenly(0.01, 0.001))
    assert found.like_these_error < found.these_error
    assert found.like_these_freedom == math.inf
    assert found.like_these(30) == found.these(30)


@pytest.mark.parametrize(
    ("readers", "why"), [(1, "1 reader, 3 needed"), (2, "2 readers, 3 needed")]
)
def test_few_readers_say_nothing_of_others(readers: int, why: str) -> None:
    found = from_covariance(SPIN_ECHO[:readers], 0.001 + 0.001 * np.eye(readers))
    assert found.these(20, "share").low < found.value
    assert found.like_these(20).reason == why


def test_of_few_patients_there_is_no_interval() -> None:
    assert (
        from_covariance(SPIN_ECHO, evenly(0.01, 0.001)).these(9).reason == "9 patients, 10 needed"
    )
