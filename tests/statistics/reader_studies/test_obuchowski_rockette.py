"""Against MRMCaov and OR-DBM MRMC on the data of Van Dyke et al. 1993."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import stdtrit
from tests.statistics.reader_studies.test_over_readers import CINE, SPIN_ECHO

from lumbargrade.statistics.reader_studies.obuchowski_rockette import covariance_parts, two_ways
from lumbargrade.statistics.reader_studies.over_readers import from_covariance


def covariance(variance: float, cov1: float, cov2: float, cov3: float) -> np.ndarray:
    """That of two ways and five readers whose kinds of pairs are all alike."""
    found = np.full((2, 5, 2, 5), cov3)
    for way in range(2):
        found[way, :, way, :] = cov2
        for reader in range(5):
            found[way, reader, 1 - way, reader] = cov1
            found[way, reader, way, reader] = variance
    return found


JACKKNIFE = (0.0008022883, 0.0003466137, 0.0003440748, 0.0002390284)
UNBIASED = (0.0007883925, 0.0003416706, 0.0003390650, 0.0002356148)
AREAS = np.array([SPIN_ECHO, CINE])


def test_the_jackknifes_test_is_the_published_one() -> None:
    """F 4.46 with 1 and 15.26 degrees of freedom, p 0.052; the parts as MRMCaov prints them."""
    found = two_ways(AREAS, covariance(*JACKKNIFE))
    assert found.mean_square_ways == pytest.approx(0.004796171, rel=1e-5)
    assert found.mean_square_interaction == pytest.approx(0.0005510306, rel=1e-5)
    assert (found.variance, found.cov1, found.cov2, found.cov3) == pytest.approx(JACKKNIFE)
    assert found.f == pytest.approx(4.456, abs=1e-3)
    assert found.freedom == pytest.approx(15.26, abs=1e-2)
    assert found.p_value == pytest.approx(0.0517, abs=1e-4)


def test_difference_and_interval_are_those_of_mrmcaov() -> None:
    """Its unbiased covariances: 0.0438 (-0.0003 to 0.0879), p 0.0512."""
    found = two_ways(AREAS, covariance(*UNBIASED))
    assert found.difference == pytest.approx(0.04380032, abs=1e-6)
    assert found.error == pytest.approx(0.02067154, rel=1e-5)
    assert found.freedom == pytest.approx(15.03418, rel=1e-5)
    assert found.f == pytest.approx(4.489614, rel=1e-4)
    assert found.p_value == pytest.approx(0.0511618, rel=1e-4)
    reach = float(stdtrit(found.freedom, 0.975)) * found.error
    assert found.difference - reach == pytest.approx(-0.0002512968, abs=1e-6)


def test_it_is_the_mean_over_readers_of_their_differences() -> None:
    parts = covariance(*JACKKNIFE)
    of_difference = parts[0, :, 0] + parts[1, :, 1] - parts[0, :, 1] - parts[1, :, 0]
    mean = from_covariance(CINE - SPIN_ECHO, of_difference)
    test = two_ways(AREAS, parts)
    assert mean.value == pytest.approx(test.difference)
    assert mean.like_these_error == pytest.approx(test.error)
    assert mean.like_these_freedom == pytest.approx(test.freedom)
    assert mean.these_error == pytest.approx(0.01871748, rel=1e-5)  # fixed readers


def test_parts_are_means_over_pairs() -> None:
    whole = np.random.default_rng(1).normal(size=(2, 3, 2, 3))
    found = covariance_parts(whole)
    assert found[0] == pytest.approx(np.mean([whole[i, j, i, j] for i in (0, 1) for j in range(3)]))
    assert found[1] == pytest.approx(
        np.mean([whole[i, j, 1 - i, j] for i in (0, 1) for j in range(3)])
    )


def test_readers_who_do_not_differ_leave_nothing_to_divide_by() -> None:
    same = np.array([[0.5, 0.75], [0.5, 0.75]])
    found = two_ways(same, np.zeros((2, 2, 2, 2)))
    assert math.isnan(found.f)
    assert found.freedom == math.inf
