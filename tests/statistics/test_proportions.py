from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from lumbargrade.statistics.proportions import clustered_share, wilson_interval


@pytest.mark.parametrize(("hits", "images"), [(0, 10), (3, 20), (81, 263), (15, 15)])
def test_wilson_is_scipys(hits: int, images: int) -> None:
    theirs = binomtest(hits, images).proportion_ci(method="wilson")
    assert wilson_interval(hits / images, images) == pytest.approx((theirs.low, theirs.high))


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
    assert (again.low, again.high) == pytest.approx((once.low, once.high))


def test_without_a_miss_patients_count_and_not_images() -> None:
    found = clustered_share(np.ones(60, dtype=bool), np.repeat(np.arange(10), 6))
    assert found.value == 1
    assert (found.low, found.high) == pytest.approx(wilson_interval(1.0, 10))


def test_one_patient_has_a_share_and_no_interval() -> None:
    found = clustered_share(np.array([True, False]), np.array(["a", "a"]))
    assert found.value == 0.5
    assert np.isnan((found.low, found.high)).all()
