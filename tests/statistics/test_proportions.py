from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from scipy.stats import binomtest

from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.proportions import clustered_share, share_by_patient, wilson_interval


@pytest.mark.parametrize(("hits", "images"), [(0, 10), (3, 20), (81, 263), (15, 15)])
def test_wilson_is_scipys(hits: int, images: int) -> None:
    theirs = binomtest(hits, images).proportion_ci(method="wilson")
    assert wilson_interval(hits / images, images) == pytest.approx((theirs.low, theirs.high))


@pytest.mark.parametrize(
    ("hits", "images", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(hits: int, images: int, low: float, high: float) -> None:
    """Newcombe, Stat Med 1998;17:857, Table I, method 3."""
    assert wilson_interval(hits / images, images) == pytest.approx((low, high), abs=5e-5)


def test_the_ends_are_shares() -> None:
    ends = np.array([(*wilson_interval(0, n), *wilson_interval(1, n)) for n in range(1, 400)])
    assert ends.min() >= 0
    assert ends.max() <= 1
    assert {wilson_interval(1, n)[1] for n in range(1, 400)} == {1.0}
    assert {wilson_interval(0, n)[0] for n in range(1, 400)} == {0.0}


def test_nothing_has_no_interval() -> None:
    assert np.isnan(wilson_interval(0.5, 0)).all()
    found = clustered_share(np.zeros(0, dtype=bool), np.zeros(0))
    assert np.isnan((found.value, found.low)).all()


def test_one_image_a_patient_is_nearly_plain_wilson() -> None:
    hit = np.arange(80) < 60
    found = clustered_share(hit, np.arange(80))
    assert (found.low, found.high) == pytest.approx(wilson_interval(0.75, 79), abs=1e-9)


def test_repeated_images_add_nothing() -> None:
    hit = np.arange(80) < 60
    once = clustered_share(hit, np.arange(80))
    again = clustered_share(np.repeat(hit, 6), np.repeat(np.arange(80), 6))
    # But for Student's quantile of 479 images in place of 79.
    assert (again.low, again.high) == pytest.approx((once.low, once.high), rel=0.004)


def test_without_a_miss_patients_count_and_not_images() -> None:
    found = clustered_share(np.ones(60, dtype=bool), np.repeat(np.arange(10), 6))
    assert found.value == 1
    assert (found.low, found.high) == pytest.approx(wilson_interval(1.0, 10))


def test_one_patient_has_a_share_and_no_interval() -> None:
    found = clustered_share(np.array([True, False]), np.array(["a", "a"]))
    assert found.value == 0.5
    assert np.isnan((found.low, found.high)).all()
    assert found.reason == "1 patient, 10 needed"


@pytest.mark.parametrize("share", [clustered_share, share_by_patient])
def test_patients_count_for_no_more_images_than_there_are(
    share: Callable[[np.ndarray, np.ndarray], Estimate],
) -> None:
    """Hits that are spread over the patients more evenly than chance spreads them."""
    hit = np.tile([True, False, False, False], 37)
    hit[::4][15:] = False  # 15 of 37 patients have one hit among four images
    patients = np.repeat(np.arange(37), 4)
    found = share(hit, patients)
    variance = 15 * 22 / 37 / 36 / 16 / 37  # of the mean of the patients' shares, 0 or 1/4
    assert 15 / 148 * 133 / 148 / variance > 148  # the images that would have this error
    assert (found.low, found.high) == pytest.approx((0.0624, 0.1605), abs=5e-5)


def test_few_images_of_many_kinds_widen_the_interval() -> None:
    """Below the cap the effective number of images counts: share (1 - share) / error squared."""
    hit = np.tile(np.repeat([True, False, True, False, False], 4), 2)
    found = clustered_share(hit, np.repeat(np.arange(10), 4))
    effective = 0.4 * 0.6 / (0.4 * 0.6 / 9)  # the error of 10 patients, each 0 or 1
    freedom = 2.0227 / 2.2622  # Student's table, 39 and 9 degrees of freedom
    expected = wilson_interval(0.4, effective * freedom**2)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-4)


def test_few_patients_widen_the_interval_by_korn_and_graubards_factor() -> None:
    """As R's survey: n.eff = coef * (1 - coef) / se^2 * (qt(.025, n - 1) / qt(.025, df))^2."""
    rng = np.random.default_rng(8)
    patients = np.repeat(np.arange(12), 5)
    hit = rng.random(60) < np.repeat(rng.random(12), 5)
    share = hit.mean()
    sums = np.bincount(patients, hit - share)
    squared_error = 12 / 11 * (sums**2).sum() / 60**2
    factor = (stats.t.ppf(0.025, 59) / stats.t.ppf(0.025, 11)) ** 2
    found = clustered_share(hit, patients)
    expected = wilson_interval(share, min(share * (1 - share) / squared_error * factor, 60))
    assert (found.low, found.high) == pytest.approx(expected)
