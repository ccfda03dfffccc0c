from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from lumbargrade.statistics.accuracy import (
    accuracy,
    balanced_accuracy,
    f1,
    macro,
    majority_baseline,
    mean_absolute_error,
    negative_predictive_value,
    off_by_one_accuracy,
    positive_predictive_value,
    precision,
    recall,
    sensitivity,
    specificity,
    weighted,
)
from lumbargrade.statistics.agreement.two_raters import confusion_table


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
    assert float(mean_absolute_error(table)) == pytest.approx(
        metrics.mean_absolute_error(reference, predicted)
    )
    assert float(off_by_one_accuracy(table)) == np.mean(np.abs(reference - predicted) <= 1)


@pytest.mark.parametrize("never_given", [False, True])
def test_averages_are_scikit_learns(
    readings: tuple[np.ndarray, np.ndarray], never_given: bool
) -> None:
    reference, predicted = readings
    predicted = np.minimum(predicted, 2) if never_given else predicted
    table = confusion_table(reference, predicted, 4)
    for name, average in (("macro", macro), ("weighted", weighted)):
        theirs = metrics.precision_recall_fscore_support(
            reference, predicted, average=name, zero_division=0
        )
        for per_grade, expected in zip((precision, recall, f1), theirs, strict=False):
            assert float(average(per_grade(table), table)) == pytest.approx(expected)
    assert float(macro(recall(table), table)) == pytest.approx(float(balanced_accuracy(table)))
    assert float(weighted(recall(table), table)) == pytest.approx(float(accuracy(table)))


def test_averages_take_the_grades_that_occur() -> None:
    table = np.array([[8, 1, 1], [0, 10, 0], [0, 0, 0]])
    assert float(macro(recall(table), table)) == pytest.approx(0.9)
    assert float(macro(f1(table), table)) == pytest.approx((16 / 18 + 20 / 21) / 2)
    assert np.isnan(macro(recall(0 * table), 0 * table))


def test_distance_counts_the_steps() -> None:
    table = np.zeros((4, 4), dtype=np.int64)
    table[0, 0], table[1, 2], table[0, 3] = 5, 3, 2
    assert float(mean_absolute_error(table)) == pytest.approx((3 * 1 + 2 * 3) / 10)
    assert float(off_by_one_accuracy(table)) == pytest.approx(0.8)
    assert np.isnan(mean_absolute_error(0 * table))


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
    assert float(positive_predictive_value(table, lowest_positive)) == pytest.approx(
        metrics.precision_score(truth, call)
    )
    assert float(negative_predictive_value(table, lowest_positive)) == pytest.approx(
        metrics.precision_score(~truth, ~call)
    )


def test_a_grade_that_does_not_occur_has_no_recall() -> None:
    table = np.array([[8, 2, 0, 0], [1, 9, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    assert np.isnan(recall(table)[2:]).all()
    assert np.isnan(precision(table)[2:]).all()
    assert np.isnan(sensitivity(table, 2))
    assert float(specificity(table, 2)) == 1.0
    assert float(balanced_accuracy(table)) == pytest.approx(0.85)
