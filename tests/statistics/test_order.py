"""Concordance and rank correlation, against SciPy and by counting pairs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from lumbargrade.statistics.bootstrap import PatientBootstrap
from lumbargrade.statistics.order import (
    concordance,
    rank_correlation,
    resampled_concordance,
    resampled_correlation,
)
from lumbargrade.statistics.roc import area_under_curve

RNG = np.random.default_rng(3)
REFERENCE = RNG.choice(3, 60, p=[0.5, 0.3, 0.2])
SCORE = np.round(REFERENCE * 0.4 + RNG.normal(0, 0.5, 60), 1)  # with ties
PATIENTS = np.repeat(np.arange(12), 5).astype(str)
LEVELS = np.tile(np.arange(5), 12)


def counted(reference: np.ndarray, score: np.ndarray, strata: np.ndarray | None = None) -> float:
    won = pairs = 0.0
    for i in range(len(score)):
        for j in range(len(score)):
            if reference[i] > reference[j] and (strata is None or strata[i] == strata[j]):
                pairs += 1
                won += 1.0 if score[i] > score[j] else 0.5 if score[i] == score[j] else 0.0
    return won / pairs


def test_concordance_counts_pairs() -> None:
    assert concordance(REFERENCE, SCORE) == pytest.approx(counted(REFERENCE, SCORE))
    within = concordance(REFERENCE, SCORE, LEVELS)
    assert within == pytest.approx(counted(REFERENCE, SCORE, LEVELS))
    assert within != pytest.approx(counted(REFERENCE, SCORE))


def test_of_two_classes_it_is_the_area_under_the_curve() -> None:
    high = REFERENCE >= 1
    assert concordance(high.astype(np.int64), SCORE) == pytest.approx(
        float(area_under_curve(high, SCORE))
    )


def test_without_a_pair_nothing_is_known() -> None:
    assert np.isnan(concordance(np.zeros(4, dtype=np.int64), np.arange(4.0)))
    apart = np.array(["a", "b"])
    assert np.isnan(concordance(np.array([0, 1]), np.array([0.0, 1.0]), apart))
    assert np.isnan(rank_correlation(np.zeros(4, dtype=np.int64), np.arange(4.0)))


def test_rank_correlation_is_that_of_scipy() -> None:
    assert rank_correlation(REFERENCE, SCORE) == pytest.approx(spearmanr(REFERENCE, SCORE)[0])
    times = RNG.integers(0, 3, 60)
    expected = spearmanr(np.repeat(REFERENCE, times), np.repeat(SCORE, times))[0]
    assert rank_correlation(REFERENCE, SCORE, times.astype(np.float64)) == pytest.approx(expected)


@pytest.mark.parametrize("strata", [None, LEVELS])
def test_a_resample_is_the_statistic_of_its_images(strata: np.ndarray | None) -> None:
    bootstrap = PatientBootstrap.of(PATIENTS, 20, 1)
    drawn = resampled_concordance(REFERENCE, SCORE, bootstrap, strata)
    ranks = resampled_correlation(REFERENCE, SCORE, bootstrap)
    assert drawn.shape == ranks.shape == (20,)
    for number in (0, 7, 19):
        times = bootstrap.draws[number, bootstrap.patient]
        some = (np.repeat(REFERENCE, times), np.repeat(SCORE, times))
        where = None if strata is None else np.repeat(strata, times)
        assert drawn[number] == pytest.approx(counted(some[0], some[1], where))
        assert ranks[number] == pytest.approx(spearmanr(*some)[0])
