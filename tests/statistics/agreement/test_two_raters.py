from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from lumbargrade.statistics.agreement.two_raters import (
    cohen,
    cohen_pull,
    confusion_table,
    gwet,
    gwet_pull,
    table_error,
)
from lumbargrade.statistics.agreement.weights import WEIGHTS, Weights
from lumbargrade.statistics.bootstrap import student_interval

Coefficient = Callable[..., np.ndarray]

ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
"""Gwet's three-by-three example: two abstractors, 100 records."""


def _readings(seed: int = 3, images: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    reference = rng.choice(4, images, p=(0.6, 0.25, 0.1, 0.05))
    shift = rng.choice((-1, 0, 1), images, p=(0.1, 0.75, 0.15))
    return reference, np.clip(reference + shift, 0, 3)


def test_published_ac1_and_its_interval() -> None:
    assert float(gwet(ABSTRACTORS)) == pytest.approx(0.84933, abs=5e-6)
    error = float(table_error(ABSTRACTORS, gwet_pull(ABSTRACTORS)))
    found = student_interval(float(gwet(ABSTRACTORS)), error, int(ABSTRACTORS.sum()))
    assert found == pytest.approx((0.76358, 0.93508), abs=1e-5)


def test_published_ac2_quadratic() -> None:
    assert float(gwet(ABSTRACTORS, "quadratic")) == pytest.approx(0.94024, abs=5e-6)


@pytest.mark.parametrize("weights", ["identity", "linear", "quadratic"])
def test_kappa_is_scikit_learns(weights: Weights) -> None:
    reference, predicted = _readings()
    ours = float(cohen(confusion_table(reference, predicted, 4), weights))
    theirs = cohen_kappa_score(
        reference, predicted, weights=None if weights == "identity" else weights
    )
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize(("value", "pull"), [(gwet, gwet_pull), (cohen, cohen_pull)])
def test_error_is_the_spread_of_resamples(
    value: Coefficient, pull: Coefficient, weights: Weights
) -> None:
    table = confusion_table(*_readings(), 4)
    rng = np.random.default_rng(0)
    tables = rng.multinomial(400, table.ravel() / 400, size=4000).reshape(-1, 4, 4)
    error = float(table_error(table, pull(table, weights)))
    assert error == pytest.approx(value(tables, weights).std(), rel=0.06)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize(("value", "pull"), [(gwet, gwet_pull), (cohen, cohen_pull)])
def test_pull_is_the_slope_of_the_coefficient(
    value: Coefficient, pull: Coefficient, weights: Weights
) -> None:
    """A little more of one cell moves the coefficient by that much of the cell's pull."""
    table = confusion_table(*_readings(), 4).astype(float)
    pulls = pull(table, weights)
    assert float((table * pulls).sum()) == pytest.approx(0, abs=1e-9)
    for cell in np.ndindex(4, 4):
        more = table / table.sum() * (1 - 1e-6)
        more[cell] += 1e-6
        slope = (float(value(more, weights)) - float(value(table, weights))) / 1e-6
        assert slope == pytest.approx(pulls[cell], abs=1e-4)


def test_published_error_of_cohens_kappa() -> None:
    """Fleiss, Cohen and Everitt 1969, table 1: kappa 0.429 with error 0.054 of 200 subjects."""
    table = 200 * np.array([[0.53, 0.05, 0.02], [0.11, 0.14, 0.05], [0.01, 0.06, 0.03]])
    assert float(cohen(table)) == pytest.approx(0.429, abs=5e-4)
    assert float(table_error(table, cohen_pull(table))) == pytest.approx(0.054, abs=1e-3)


def test_unused_grades_count() -> None:
    table = np.array([[40, 5], [5, 50]])
    padded = np.zeros((4, 4), dtype=np.int64)
    padded[:2, :2] = table
    assert float(gwet(padded)) > float(gwet(table))  # chance is smaller among four grades


def test_many_tables_at_once_equal_one_by_one() -> None:
    rng = np.random.default_rng(1)
    tables = rng.integers(0, 30, (5, 4, 4))
    for function in (gwet, gwet_pull, cohen, cohen_pull):
        assert np.allclose(function(tables, "linear"), [function(one, "linear") for one in tables])


def test_constant_prediction_has_kappa_zero_and_a_defined_ac1() -> None:
    table = np.zeros((4, 4), dtype=np.int64)
    table[:, 0] = (70, 20, 7, 3)
    assert float(cohen(table, "linear")) == pytest.approx(0.0, abs=1e-12)
    assert 0 < float(gwet(table)) < 1


def test_undefined_is_nan() -> None:
    constant = np.zeros((4, 4), dtype=np.int64)
    constant[0, 0] = 10
    assert np.isnan(cohen(constant))
    assert np.isnan(cohen_pull(constant)).all()
    assert float(gwet(constant)) == 1.0
    assert np.isnan(gwet(np.zeros((4, 4), dtype=np.int64)))
