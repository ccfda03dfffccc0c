from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.training.calibrate import (
    DECISION_TAU,
    calibration_error,
    calibration_scores,
    decision_weights,
    fit_temperature,
    softmax,
)
from lumbargrade.training.outputs import MISSING, OutputSpec


def _drawn(seed: int, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and labels drawn from exactly their probabilities."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, 4))
    chances = softmax(logits)
    labels = (chances.cumsum(1) < random.uniform(size=(count, 1))).sum(1).clip(0, 3)
    return logits, labels


@pytest.mark.parametrize("true", [0.5, 1.0, 2.5])
def test_the_true_temperature_is_found(true: float) -> None:
    logits, labels = _drawn(1)
    assert fit_temperature(logits * true, labels) == pytest.approx(true, rel=0.06)


def test_missing_labels_take_no_part() -> None:
    logits, labels = _drawn(2)
    spoiled = np.concatenate([logits, logits * 9]), np.concatenate([labels, labels * 0 - 1])
    assert fit_temperature(*spoiled) == fit_temperature(logits, labels)
    assert fit_temperature(logits, labels * 0 - 1) == 1.0


def test_calibrated_probabilities_have_a_small_error() -> None:
    logits, labels = _drawn(3)
    assert calibration_error(softmax(logits), labels) < 0.03
    assert calibration_error(softmax(logits * 4), labels) > 0.1


def test_image_level_is_scored_from_both_sides() -> None:
    (left, left_labels), (right, right_labels) = _drawn(4), _drawn(5)
    specs = (
        OutputSpec("LNRC_left", "LNRC", "left", 4),
        OutputSpec("LNRC_right", "LNRC", "right", 4),
    )
    labels = np.stack([left_labels, right_labels], 1)
    logits = {"LNRC_left": left * 3, "LNRC_right": right * 3}
    scores = calibration_scores(logits, labels, specs, {"LNRC_left": 3.0, "LNRC_right": 3.0})
    assert scores["LNRC"]["ece_after"] < 0.03
    assert scores["LNRC"]["nll_after"] < scores["LNRC"]["nll_before"]


def test_rare_grades_weigh_more_and_grade_zero_weighs_one() -> None:
    labels = np.array([0] * 80 + [1] * 15 + [2] * 5 + [MISSING] * 40)
    weights = decision_weights(labels, 4)
    assert weights[0] == 1.0
    assert weights == sorted(weights)
    assert weights[2] == pytest.approx(16**DECISION_TAU, abs=1e-3)
    assert np.isfinite(weights).all()  # a grade that never occurs does not divide by zero
