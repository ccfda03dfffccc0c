"""The ROC curve and its area, beside scikit-learn's, DeLong's formula and resampling."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from lumbargrade.statistics.bootstrap import PatientBootstrap
from lumbargrade.statistics.roc import (
    area_error,
    area_interval,
    area_under_curve,
    resampled_areas,
    roc_curve,
)


def _scores(patients: int, each: int, shared: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, rounded score and patient; ``shared`` is what a patient's images have in common."""
    rng = np.random.default_rng(21)
    patient = np.repeat(np.arange(patients), each)
    common = rng.normal(size=patients)[patient] * shared
    positive = rng.random(patients * each) < 0.3
    return (
        positive,
        np.round(rng.normal(size=patients * each) + common + 1.5 * positive, 1),
        patient,
    )


def test_area_with_ties_is_scikit_learns() -> None:
    rng = np.random.default_rng(2)
    positive = rng.random(300) < 0.2
    score = (rng.random(300) + 0.4 * positive).round(1)
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


def test_nan_scores_have_no_area() -> None:
    positive, score = np.array([True, False, True, False]), np.array([0.1, np.nan, 0.4, 0.2])
    assert np.isnan(area_under_curve(positive, score))
    assert np.isnan(area_error(positive, score))


def test_curve_is_scikit_learns() -> None:
    positive, score, _ = _scores(100, 2, 0.5)
    ours = roc_curve(positive, score)
    theirs = metrics.roc_curve(positive, score, drop_intermediate=False)
    expected = (ours.false_positive_rate, ours.sensitivity, ours.threshold)
    for found, wanted in zip(expected, theirs, strict=True):
        assert found == pytest.approx(wanted)
    area = np.trapezoid(ours.sensitivity, ours.false_positive_rate)
    assert area == pytest.approx(float(area_under_curve(positive, score)))


def test_curve_of_one_class_is_undefined_on_its_axis() -> None:
    curve = roc_curve(np.array([True, True]), np.array([0.2, 0.4]))
    assert np.isnan(curve.false_positive_rate).all()
    assert curve.sensitivity.tolist() == [0, 0.5, 1]
    assert roc_curve(np.zeros(0, dtype=bool), np.zeros(0)).threshold.tolist() == [np.inf]


def test_error_is_delongs_formula() -> None:
    """Placement by placement, as the paper writes it, with the divisors m - 1 and n - 1."""
    positive, score, _ = _scores(40, 1, 0)
    up, down = score[positive], score[~positive]
    wins = (up[:, None] > down) + 0.5 * (up[:, None] == down)
    spread = wins.mean(1).var(ddof=1) / len(up) + wins.mean(0).var(ddof=1) / len(down)
    assert area_error(positive, score) == pytest.approx(np.sqrt(spread))
    assert area_error(positive, score, np.arange(40)) == area_error(positive, score)


def test_delong_agrees_with_the_bootstrap_of_single_images() -> None:
    positive, score, patient = _scores(400, 1, 0)
    assert area_error(positive, score) == pytest.approx(
        _bootstrap_error(positive, score, patient), rel=0.06
    )


def test_on_clustered_images_the_patient_bootstrap_is_wider_and_is_obuchowskis() -> None:
    positive, score, patient = _scores(150, 8, 1.5)
    positive = positive & (patient % 2 == 0)  # positive images in half of the patients only
    resampled = _bootstrap_error(positive, score, patient)
    assert resampled > 1.3 * area_error(positive, score)
    assert area_error(positive, score, patient) == pytest.approx(resampled, rel=0.08)


def test_repeated_images_add_nothing() -> None:
    positive, score, patient = _scores(120, 1, 0)
    repeated = [np.repeat(part, 5) for part in (positive, score, patient)]
    # One patient has one image here, so a patient is on one side only and the formulas agree.
    assert area_error(*repeated) == pytest.approx(area_error(positive, score, patient))
    assert area_error(*repeated[:2]) < 0.5 * area_error(*repeated)


def test_names_of_patients_do_as_well_as_numbers() -> None:
    positive, score, patient = _scores(50, 3, 1)
    named = np.array([f"P{number}" for number in patient])
    assert area_error(positive, score, named) == pytest.approx(area_error(positive, score, patient))


@pytest.mark.parametrize("patient", [[0, 0, 0, 0], [0, 0, 1, 2]])
def test_one_patient_on_a_side_has_no_error(patient: list[int]) -> None:
    positive, score = np.array([True, True, False, False]), np.array([0.9, 0.4, 0.5, 0.1])
    assert np.isnan(area_error(positive, score, np.array(patient)))


def test_interval_stays_inside_and_is_nan_at_the_end() -> None:
    found = area_interval(0.99, 0.02, 30)
    assert 0.5 < found.low < 0.99 < found.high < 1
    assert area_interval(1.0, 0.0, 30).reason == "no variation"
    assert area_interval(float("nan"), float("nan"), 30).reason == "undefined"


def test_quantile_is_students_of_the_patients_who_have_the_rarer_class() -> None:
    """By hand: 2.2622 is the table's quantile of 9 degrees of freedom."""
    found = area_interval(0.8, 0.05, 10)
    ends = np.log(4) + np.array([-1, 1]) * 2.2622 * 0.05 / 0.16
    assert (found.low, found.high) == pytest.approx(1 / (1 + np.exp(-ends)), abs=1e-4)
    assert area_interval(0.8, 0.05, 9).reason == "9 patients, 10 needed"


def _bootstrap_error(positive: np.ndarray, score: np.ndarray, patient: np.ndarray) -> float:
    bootstrap = PatientBootstrap.of(patient.astype(str), 2000, seed=3)
    areas = [area_under_curve(positive, score, weights) for weights in bootstrap.image_weights()]
    return float(np.concatenate(areas).std())


@pytest.mark.parametrize("room", [10**9, 1])
def test_resampled_areas_are_those_of_weighing_every_image(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairs counted by patient, and (without room for that) image by image, ties included."""
    monkeypatch.setattr("lumbargrade.statistics.roc.PAIRS_AT_ONCE", room)
    rng = np.random.default_rng(5)
    patients = rng.integers(0, 12, 90).astype(str)
    positive, score = rng.random(90) < 0.2, rng.integers(0, 9, 90) / 9
    bootstrap = PatientBootstrap.of(patients, 200, 1)
    (weights,) = bootstrap.image_weights()
    expected = area_under_curve(positive, score, weights)
    np.testing.assert_allclose(resampled_areas(positive, score, bootstrap), expected, rtol=1e-5)


def test_resampled_areas_are_undefined_without_both_classes_or_without_a_patient_of_one() -> None:
    bootstrap = PatientBootstrap.of(np.array(["a", "b", "b"]), 50, 1)
    score = np.array([0.1, 0.2, 0.3])
    assert np.isnan(resampled_areas(np.ones(3, dtype=bool), score, bootstrap)).all()
    found = resampled_areas(np.array([True, False, False]), score, bootstrap)
    alone = (bootstrap.draws == 0).any(1)
    assert np.isnan(found[alone]).all()
    assert (found[~alone] == 0).all()
    assert resampled_areas(np.array([True, False, False]), score * np.nan, bootstrap).shape == (50,)
