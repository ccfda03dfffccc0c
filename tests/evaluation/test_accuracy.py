from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from lumbargrade.evaluation.accuracy import (
    accuracy,
    area_under_curve,
    balanced_accuracy,
    f1,
    majority_baseline,
    precision,
    recall,
    sensitivity,
    specificity,
)
from lumbargrade.evaluation.agreement import confusion_table


@pytest.fixture
def readings() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    reference = rng.choice(4, 500, p=(0.6, 0.25, 0.1, 0.05))
    return reference, np.clip(reference + rng.choice((-1, 0, 1), 500, p=(0.1, 0.7, 0.2)), 0, 3)


def test_every_figure_is_scikit_learns(readings: tuple[np.ndarray, np.ndarray]) -> None:
    reference, predicted = readings
    table = confusion_table(reference, predicted, 4)
    assert np.array_equal(table, metrics.confusion_matrix(reference, predicted))
    theirs = metrics.precision_recall_fscore_support(reference, predicted)
    for ours, expected in zip((precision, recall, f1), theirs, strict=False):
        assert ours(table) == pytest.approx(expected)
    assert float(accuracy(table)) == pytest.approx(metrics.accuracy_score(reference, predicted))
    assert float(balanced_accuracy(table)) == pytest.approx(
        metrics.balanced_accuracy_score(reference, predicted)
    )
    assert float(majority_baseline(table)) == pytest.approx(np.bincount(reference).max() / 500)


@pytest.mark.parametrize("lowest_positive", [1, 2])
def test_dichotomies(readings: tuple[np.ndarray, np.ndarray], lowest_positive: int) -> None:
    reference, predicted = readings
    table = confusion_table(reference, predicted, 4)
    truth, call = reference >= lowest_positive, predicted >= lowest_positive
    assert float(sensitivity(table, lowest_positive)) == pytest.approx(
        metrics.recall_score(truth, call)
    )
    assert float(specificity(table, lowest_positive)) == pytest.approx(
        metrics.recall_score(~truth, ~call)
    )


def test_a_grade_that_does_not_occur_has_no_recall() -> None:
    table = np.array([[8, 2, 0, 0], [1, 9, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    assert np.isnan(recall(table)[2:]).all()
    assert np.isnan(precision(table)[2:]).all()
    assert np.isnan(sensitivity(table, 2))
    assert float(specificity(table, 2)) == 1.0
    assert float(balanced_accuracy(table)) == pytest.approx(0.85)


def test_area_with_ties_is_scikit_learns() -> None:
    rng = np.random.default_rng(2)
    positive = rng.random(300) < 0.2
    score = np.round(rng.random(300) + 0.4 * positive, 1)
    assert float(area_under_curve(positive, score)) == pytest.approx(
        metrics.roc_auc_score(positive, score)
    )


def test_weights_act_as_repetition() -> None:
    rng = np.random.default_rng(2)
    positive, score = rng.random(80) < 0.3, np.round(rng.random(80), 1)
    times = rng.integers(0, 4, (6, 80))
    ours = area_under_curve(positive, score, times.astype(float))
    theirs = [
        metrics.roc_auc_score(np.repeat(positive, row), np.repeat(score, row)) for row in times
    ]
    assert ours == pytest.approx(theirs)


def test_a_constant_score_is_worth_a_half() -> None:
    positive = np.array([True, False, True])
    assert float(area_under_curve(positive, np.zeros(3))) == 0.5


@pytest.mark.parametrize("positive", [[True, True], [False, False], []])
def test_one_class_alone_has_no_area(positive: list[bool]) -> None:
    score = np.linspace(0, 1, len(positive))
    assert np.isnan(area_under_curve(np.array(positive, dtype=bool), score))
