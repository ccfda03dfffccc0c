from __future__ import annotations

import time

import numpy as np
import pytest

from lumbargrade.evaluation.accuracy import accuracy, area_under_curve
from lumbargrade.evaluation.agreement import confusion_table, gwet, gwet_cluster_error
from lumbargrade.evaluation.intervals import PatientBootstrap, estimate


def _clustered(patients: int, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images of one patient share a tendency to be misread."""
    rng = np.random.default_rng(9)
    names = np.repeat([f"P{i}" for i in range(patients)], each)
    reference = rng.choice(4, patients * each, p=(0.6, 0.25, 0.1, 0.05))
    hard = np.repeat(rng.random(patients) < 0.3, each)
    wrong = rng.random(patients * each) < np.where(hard, 0.7, 0.05)
    return names, reference, np.where(wrong, (reference + 1) % 4, reference)


def test_draws_are_whole_patients() -> None:
    bootstrap = PatientBootstrap.of(np.array(["b", "a", "b"]), 50, seed=0)
    assert (bootstrap.draws.sum(1) == 2).all()
    assert bootstrap.patient.tolist() == [1, 0, 1]
    for weights in bootstrap.image_weights():
        assert np.array_equal(weights[:, 0], weights[:, 2])


def test_tables_equal_resampling_the_images() -> None:
    names, reference, predicted = _clustered(12, 3)
    bootstrap = PatientBootstrap.of(names, 20, seed=1)
    weights = np.concatenate(list(bootstrap.image_weights())).astype(int)
    for table, row in zip(bootstrap.tables(reference, predicted, 4), weights, strict=True):
        again = confusion_table(np.repeat(reference, row), np.repeat(predicted, row), 4)
        assert np.array_equal(table, again)


def test_spread_agrees_with_the_cluster_formula_and_not_with_the_plain_one() -> None:
    names, reference, predicted = _clustered(200, 6)
    bootstrap = PatientBootstrap.of(names, 2000, seed=1)
    spread = gwet(bootstrap.tables(reference, predicted, 4)).std()
    _, index = np.unique(names, return_inverse=True)
    assert spread == pytest.approx(gwet_cluster_error(reference, predicted, index, 4), rel=0.08)
    alone = PatientBootstrap.of(np.arange(1200).astype(str), 2000, seed=1)
    assert spread > 1.4 * gwet(alone.tables(reference, predicted, 4)).std()


def test_same_seed_same_draws() -> None:
    names, *_ = _clustered(30, 2)
    first, again = (PatientBootstrap.of(names, 10, seed=4).draws for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, PatientBootstrap.of(names, 10, seed=5).draws)


def test_one_patient_has_a_value_and_no_interval() -> None:
    reference, predicted = np.array([0, 1, 2]), np.array([0, 1, 1])
    bootstrap = PatientBootstrap.of(np.array(["P1"] * 3), 1000, seed=0)
    found = estimate(2 / 3, accuracy(bootstrap.tables(reference, predicted, 4)))
    assert found.value == pytest.approx(2 / 3)
    assert np.isnan((found.low, found.high)).all()


def test_undefined_resamples_are_left_out_and_counted() -> None:
    found = estimate(0.5, np.array([0.4, np.nan, 0.6, 0.5]))
    assert found.undefined == 1
    assert 0.4 <= found.low < found.high <= 0.6


def test_mostly_undefined_gives_no_interval() -> None:
    found = estimate(0.5, np.array([0.4, np.nan, np.nan]))
    assert (found.value, found.undefined) == (0.5, 2)
    assert np.isnan(found.low)


def test_a_thousand_resamples_of_three_tasks_take_seconds() -> None:
    names, reference, predicted = _clustered(230, 10)
    score = predicted + np.random.default_rng(0).random(len(predicted))
    start = time.process_time()
    bootstrap = PatientBootstrap.of(names, 1000, seed=0)
    for _ in range(3):
        gwet(bootstrap.tables(reference, predicted, 4))
        for weights in bootstrap.image_weights():
            area_under_curve(reference > 1, score, weights)
    assert time.process_time() - start < 10
