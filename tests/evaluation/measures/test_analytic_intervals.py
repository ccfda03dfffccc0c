"""Intervals by formula: one value, wider where images of a patient are alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from lumbargrade.evaluation.measures.analytic_intervals import (
    Whose,
    by_formula,
    coefficient_intervals,
)
from lumbargrade.evaluation.records import Readings
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS


def readings(patients: int, images: int, alike: bool) -> Readings:
    """So many images a patient; alike: all images of a patient are graded as the first."""
    rng = np.random.default_rng(4)
    reference = rng.integers(0, 4, (patients, images))
    predicted = np.clip(reference + rng.choice([-1, 0, 0, 1], (patients, images)), 0, 3)
    if alike:
        reference[:], predicted[:] = reference[:, :1], predicted[:, :1]
    chances = np.full((patients * images, 4), 0.1)
    chances[np.arange(len(chances)), predicted.ravel()] = 0.7
    return Readings(
        reference=reference.ravel(),
        predicted=predicted.ravel(),
        probabilities=chances,
        patients=np.repeat([f"p{n}" for n in range(patients)], images),
    )


def test_values_are_those_of_scikit_learn() -> None:
    given = readings(60, 3, alike=False)
    found = by_formula(given, 4)
    assert found.keys() == {*COEFFICIENTS, *(f"auc_{name}" for name in DICHOTOMIES)}
    for name, weights in (("kappa", None), ("kappa_linear", "linear")):
        kappa = cohen_kappa_score(given.reference, given.predicted, weights=weights)
        assert found[name].independent.value == pytest.approx(kappa)
    for name, lowest in DICHOTOMIES.items():
        score = given.probabilities[:, lowest:].sum(1)
        area = roc_auc_score(given.reference >= lowest, score)
        assert found[f"auc_{name}"].clustered.value == pytest.approx(area)


def test_images_that_are_alike_make_the_clustered_interval_wider() -> None:
    found = by_formula(readings(60, 4, alike=True), 4)
    for name in ("ac1", "kappa_linear", "auc_marked"):
        one = found[name]
        independent = one.independent.high - one.independent.low
        clustered = one.clustered.high - one.clustered.low
        # Four copies of each image: half the error where they pass as independent.
        assert clustered == pytest.approx(2 * independent, rel=0.2), name


def test_one_image_a_patient_makes_both_alike() -> None:
    found = by_formula(readings(200, 1, alike=False), 4)
    for name in ("ac1", "kappa_linear", "auc_marked"):
        one = found[name]
        # But for AC1's scale, which the published interval does not have.
        assert one.clustered.low == pytest.approx(one.independent.low, abs=0.01)


def test_students_intervals_by_hand() -> None:
    """Ten patients of two images; AC1 on Fisher's z scale, kappa as it is, of who can carry it."""
    pull, patients = np.tile([0.5, -0.3, -0.2, 0.0], 5), np.repeat(np.arange(10), 2)
    ratings = np.stack([np.arange(20) % 2, np.arange(20) % 2], axis=1)
    whose = Whose.of(ratings, patients, 0.95)
    quantile = float(t.ppf(0.975, 9))
    error = np.sqrt(10 / 9 * 10 * 0.2**2) / 20
    kappa = coefficient_intervals("kappa", 0.6, 0.1, pull, whose)
    assert kappa.clustered.high == pytest.approx(0.6 + quantile * error)
    assert kappa.independent.low == pytest.approx(0.6 - float(t.ppf(0.975, 19)) * 0.1)
    ac1 = coefficient_intervals("ac1", 0.6, 0.1, pull, whose)
    assert ac1.clustered.low == pytest.approx(np.tanh(np.arctanh(0.6) - quantile * error / 0.64))


def test_kappa_hangs_on_the_patients_who_have_another_grade_than_the_commonest() -> None:
    ratings = np.array([[0, 0], [0, 1], [0, 0], [0, -1], [2, 2]])
    whose = Whose.of(ratings, np.array(list("aabcd")), 0.95)
    assert whose.carriers("kappa_linear") == (2, "plain")
    assert whose.carriers("ac2_linear") == (4, "coefficient")


def test_few_patients_have_no_clustered_interval_and_say_so() -> None:
    found = by_formula(readings(9, 4, alike=False), 4)
    assert found["ac1"].clustered.reason == "9 patients, 10 needed"
    assert np.isfinite(found["ac1"].independent.low)
