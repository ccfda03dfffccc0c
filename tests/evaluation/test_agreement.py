from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from lumbargrade.evaluation.agreement import (
    Weights,
    agreement_weights,
    cohen,
    confusion_table,
    gwet,
    gwet_cluster_error,
    gwet_error,
    gwet_interval,
)

ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
"""Gwet's three-by-three example: two abstractors, 100 records."""


def _readings(seed: int = 3, images: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    reference = rng.choice(4, images, p=(0.6, 0.25, 0.1, 0.05))
    shift = rng.choice((-1, 0, 1), images, p=(0.1, 0.75, 0.15))
    return reference, np.clip(reference + shift, 0, 3)


def test_published_ac1_and_its_interval() -> None:
    assert float(gwet(ABSTRACTORS)) == pytest.approx(0.84933, abs=5e-6)
    assert gwet_interval(ABSTRACTORS) == pytest.approx((0.76358, 0.93508), abs=1e-5)


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


@pytest.mark.parametrize("weights", ["identity", "linear", "quadratic"])
def test_gwet_error_is_the_spread_of_resamples(weights: Weights) -> None:
    reference, predicted = _readings()
    table = confusion_table(reference, predicted, 4)
    rng = np.random.default_rng(0)
    tables = rng.multinomial(400, table.ravel() / 400, size=4000).reshape(-1, 4, 4)
    assert float(gwet_error(table, weights)) == pytest.approx(gwet(tables, weights).std(), rel=0.06)


def test_cluster_error_with_one_image_a_patient_is_the_plain_error() -> None:
    reference, predicted = _readings()
    plain = float(gwet_error(confusion_table(reference, predicted, 4)))
    clustered = gwet_cluster_error(reference, predicted, np.arange(400), 4)
    assert clustered == pytest.approx(plain, rel=0.01)


def test_cluster_error_grows_when_images_repeat() -> None:
    reference, predicted = _readings(images=100)
    repeated = [np.repeat(part, 4) for part in (reference, predicted, np.arange(100))]
    clustered = gwet_cluster_error(*repeated, 4)
    assert clustered == pytest.approx(gwet_cluster_error(reference, predicted, np.arange(100), 4))
    assert clustered > 1.8 * gwet_cluster_error(*repeated[:2], np.arange(400), 4)


def test_cluster_error_of_one_patient_is_undefined() -> None:
    reference, predicted = _readings()
    assert np.isnan(gwet_cluster_error(reference, predicted, np.zeros(400, np.int64), 4))


def test_unused_grades_count() -> None:
    table = np.array([[40, 5], [5, 50]])
    padded = np.zeros((4, 4), dtype=np.int64)
    padded[:2, :2] = table
    assert float(gwet(padded)) > float(gwet(table))  # chance is smaller among four grades


def test_many_tables_at_once_equal_one_by_one() -> None:
    rng = np.random.default_rng(1)
    tables = rng.integers(0, 30, (5, 4, 4))
    for function in (gwet, gwet_error, cohen):
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
    assert float(gwet(constant)) == 1.0
    assert np.isnan(gwet(np.zeros((4, 4), dtype=np.int64)))


def test_weights() -> None:
    assert agreement_weights(4, "quadratic")[0].tolist() == pytest.approx([1, 8 / 9, 5 / 9, 0])
