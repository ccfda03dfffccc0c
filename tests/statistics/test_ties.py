from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.statistics.bootstrap import PatientBootstrap
from lumbargrade.statistics.order import rank_correlation
from lumbargrade.statistics.roc import area_error, area_under_curve, resampled_areas, roc_curve
from lumbargrade.statistics.selective import risk_curve
from lumbargrade.statistics.ties import levelled

WAYS = (0.6, 0.1 + 0.2 + 0.3, 1 - 0.4, 0.3 * 2, 0.2 + 0.4, 0.4 + 0.1 + 0.1)
"""The same 0.6 in floats that differ."""


def _noise() -> tuple[np.ndarray, np.ndarray]:
    """Sixty images at 0.6, the positive ones a float's last digit higher."""
    positive = np.arange(60) % 3 == 0
    return positive, np.where(positive, max(WAYS), min(WAYS))


def test_the_ways_are_floats_that_differ() -> None:
    assert len(set(WAYS)) > 1
    assert len(set(levelled(np.array(WAYS)))) == 1


def test_images_that_are_all_at_one_probability_have_an_area_of_a_half() -> None:
    positive, score = _noise()
    assert float(area_under_curve(positive, score)) == 0.5
    bootstrap = PatientBootstrap.of(np.arange(60).astype(str), 50, 1)
    assert resampled_areas(positive, score, bootstrap) == pytest.approx(0.5)
    assert area_error(positive, score) == 0
    assert len(roc_curve(positive, score).sensitivity) == 2


def test_other_figures_that_rank_see_no_order_in_noise_either() -> None:
    positive, score = _noise()
    assert np.isnan(rank_correlation(positive.astype(int), score))
    assert risk_curve(score, positive).asked.tolist() == [0.0]


def test_nan_stays_and_nothing_stays_nothing() -> None:
    found = levelled(np.array([0.5, np.nan, 0.5]))
    assert found[[0, 2]].tolist() == [0.5, 0.5]
    assert np.isnan(found[1])
    assert levelled(np.zeros(0)).shape == (0,)


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_scores_that_differ_keep_their_order(values: list[int]) -> None:
    score = np.array(values) / 10**6
    assert np.array_equal(levelled(score), score)
    assert np.array_equal(levelled(score * (1 + 1e-13)), score * (1 + 1e-13))
