from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.grading.finding import Side
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.statistics.calibration import softmax
from lumbargrade.training.export.calibrate import (
    DECISION_TAU,
    calibration_scores,
    decision_weights,
    temperatures_of,
)
from lumbargrade.training.heads import MISSING


def _drawn(seed: int, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and labels drawn from exactly their probabilities."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, 4))
    chances = softmax(logits)
    labels = (chances.cumsum(1) < random.uniform(size=(count, 1))).sum(1).clip(0, 3)
    return logits, labels


def test_missing_labels_take_no_part() -> None:
    logits, labels = _drawn(2)
    specs = (OutputSpec("LDH", "LDH", None, 4),)
    spoiled = np.concatenate([logits, logits * 9])
    missing = np.concatenate([labels, labels * 0 + MISSING])
    known = temperatures_of({"LDH": logits}, labels[:, None], specs)
    assert known["LDH"] != 1.0
    assert temperatures_of({"LDH": spoiled}, missing[:, None], specs) == known
    assert temperatures_of({"LDH": logits}, labels[:, None] * 0 + MISSING, specs) == {"LDH": 1.0}


def test_the_disc_output_has_no_temperature() -> None:
    specs = (OutputSpec("disc", "", None, 2),)
    assert temperatures_of({"disc": np.zeros((3, 2))}, np.zeros((3, 1), np.int64), specs) == {}


def test_image_level_is_scored_from_both_sides() -> None:
    (left, left_labels), (right, right_labels) = _drawn(4), _drawn(5)
    specs = (
        OutputSpec("LNRC_left", "LNRC", Side.LEFT, 4),
        OutputSpec("LNRC_right", "LNRC", Side.RIGHT, 4),
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
