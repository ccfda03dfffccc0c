"""Figures of published counts: against scikit-learn, and published examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, precision_score

from lumbargrade.evaluation.matrix.counts import PublishedMatrix
from lumbargrade.evaluation.matrix.figures import Figure, figures_of_counts

COUNTS = np.array([[40, 5, 1], [6, 30, 4], [0, 3, 11]])


@pytest.fixture(scope="module")
def graded() -> tuple[np.ndarray, np.ndarray]:
    cells = np.array(list(np.ndindex(3, 3))).repeat(COUNTS.ravel(), axis=0)
    return cells[:, 0], cells[:, 1]


def test_values_are_those_of_scikit_learn(graded: tuple[np.ndarray, np.ndarray]) -> None:
    found = figures_of_counts(PublishedMatrix("A", ("0", "1", "2"), COUNTS)).values
    assert found[Figure("images")].value == 100
    assert found[Figure("accuracy")].value == pytest.approx(accuracy_score(*graded))
    assert found[Figure("kappa_linear")].value == pytest.approx(
        cohen_kappa_score(*graded, weights="linear")
    )
    precisions = precision_score(*graded, average=None)
    for grade, expected in enumerate(precisions):
        assert found[Figure("precision", grade)].value == pytest.approx(expected)
    assert found[Figure("f1_weighted")].value == pytest.approx(
        f1_score(*graded, average="weighted")
    )
    assert found[Figure("support", 2)].value == 14
    assert found[Figure("sensitivity", 2)].value == pytest.approx(11 / 14)
    assert found[Figure("npv", 1)].value == pytest.approx(40 / 46)


def test_intervals_are_of_independent_images() -> None:
    # Gwet's 3 x 3 abstractors: AC1 0.84933 (0.76358 to 0.93508), as irrCAC gives it.
    counts = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    found = figures_of_counts(PublishedMatrix("", ("1", "2", "3"), counts)).values
    ac1 = found[Figure("ac1")]
    assert (ac1.value, ac1.low, ac1.high) == pytest.approx((0.84933, 0.76358, 0.93508), abs=1e-4)
    accuracy = found[Figure("accuracy")]
    assert accuracy.low < 0.89 < accuracy.high
    assert math.isnan(found[Figure("f1", 0)].low)


def test_of_how_many_images_a_share_is() -> None:
    found = figures_of_counts(PublishedMatrix("", ("0", "1", "2"), COUNTS))
    for figure, whole in found.wholes.items():
        hits = found.values[figure].value * whole
        assert hits == pytest.approx(round(hits)), figure
    assert found.chance["kappa"] == pytest.approx(0)


def test_two_grades_of_which_one_is_never_given() -> None:
    found = figures_of_counts(PublishedMatrix("", ("no", "yes"), np.array([[5, 0], [2, 0]])))
    assert math.isnan(found.values[Figure("precision", 1)].value)
    assert found.values[Figure("kappa")].value == 0
    assert found.values[Figure("sensitivity", 1)].value == 0
