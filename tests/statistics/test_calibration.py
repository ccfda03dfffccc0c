from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from lumbargrade.statistics.calibration import (
    brier_score,
    calibration_error,
    fit_temperature,
    negative_log_likelihood,
    reliability_bins,
    softmax,
)


def _drawn(seed: int, count: int = 4000, grades: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and labels drawn from exactly their probabilities."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, grades))
    below = softmax(logits).cumsum(1) < random.uniform(size=(count, 1))
    return logits, below.sum(1).clip(0, grades - 1)


def test_softmax_sums_to_one_and_temperature_softens() -> None:
    logits = np.array([1000.0, 998.0, 0.0], np.float32)
    sharp, soft = softmax(logits), softmax(logits, 4.0)
    assert sharp.sum() == pytest.approx(1)
    assert sharp[0] == pytest.approx(1 / (1 + np.exp(-2)))
    assert soft[0] == pytest.approx(1 / (1 + np.exp(-0.5)))


@pytest.mark.parametrize("true", [0.5, 1.0, 2.5])
def test_the_true_temperature_is_found(true: float) -> None:
    logits, labels = _drawn(1)
    assert fit_temperature(logits * true, labels) == pytest.approx(true, rel=0.06)


def test_calibrated_probabilities_have_a_small_error() -> None:
    logits, labels = _drawn(3)
    assert calibration_error(softmax(logits), labels) < 0.03
    assert calibration_error(softmax(logits * 4), labels) > 0.1


def test_two_grades_have_twice_the_brier_score_of_scikit_learn() -> None:
    logits, labels = _drawn(5, grades=2)
    chances = softmax(logits)
    expected = 2 * brier_score_loss(labels, chances[:, 1])
    assert brier_score(chances, labels) == pytest.approx(expected)


def test_bins_are_those_of_scikit_learn() -> None:
    logits, labels = _drawn(6)
    chances = softmax(logits)
    right = chances.argmax(1) == labels
    truth, confidence = calibration_curve(right, chances.max(1), n_bins=10)
    filled = [one for one in reliability_bins(chances, labels) if one.count]
    assert [one.right for one in filled] == pytest.approx(list(truth))
    assert [one.confidence for one in filled] == pytest.approx(list(confidence))
    assert sum(one.count for one in filled) == len(labels)


def test_the_error_of_a_worked_example() -> None:
    """Three images at 0.8 of which two are right, one at 1.0 that is right."""
    chances = np.array([[0.8, 0.2], [0.8, 0.2], [0.8, 0.2], [0.0, 1.0]])
    labels = np.array([0, 0, 1, 1])
    assert calibration_error(chances, labels) == pytest.approx(3 / 4 * (0.8 - 2 / 3))
    filled = {one.low: one.count for one in reliability_bins(chances, labels) if one.count}
    assert filled == {0.8: 3, 0.9: 1}


def test_without_images_nothing_is_known() -> None:
    nothing, labels = np.zeros((0, 4)), np.zeros(0, np.int64)
    for score in (brier_score, calibration_error, negative_log_likelihood):
        assert np.isnan(score(nothing, labels))
    assert fit_temperature(nothing, labels) == 1.0
    assert [one.count for one in reliability_bins(nothing, labels)] == [0] * 10
