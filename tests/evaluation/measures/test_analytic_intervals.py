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
from lumbargrade.evaluation.measures.measures import resample
from lumbargrade.evaluation.records import Readings
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS
from lumbargrade.statistics.bootstrap import PatientBootstrap


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
    """Ten patients of four images, on Fisher's z scale."""
    patients = np.repeat(np.arange(10), 4)
    ratings = np.stack([np.arange(40) % 2, np.arange(40) % 2], axis=1)
    whose = Whose.of(ratings, patients, 0.95)
    without = 0.6 + np.tile([0.1, -0.1], 5) / np.sqrt(10)
    error = np.sqrt(0.9 * 10 * 0.1**2 / 10)
    for name in ("kappa", "ac1"):
        found = coefficient_intervals(name, 0.6, 0.1, without, whose)
        quantile = float(t.ppf(0.975, 9))
        ends = np.tanh(np.arctanh(0.6) + np.array([-1, 1]) * quantile * error / 0.64)
        assert (found.clustered.low, found.clustered.high) == pytest.approx(ends)
        assert found.independent.low == pytest.approx(0.6 - float(t.ppf(0.975, 39)) * 0.1)


def test_few_patients_who_make_up_the_error_widen_the_interval() -> None:
    ratings, patients = np.tile(np.arange(2), (40, 1)), np.arange(40)
    whose = Whose.of(ratings, patients, 0.95)
    spread, alone = (np.full(40, 0.6) for _ in range(2))
    spread += np.tile([0.02, -0.02], 20)
    alone[0] += 0.02 * np.sqrt(40 / (1 - 1 / 40))  # the same error, of one patient
    wide, narrow = (whose.estimate("ac1", 0.6, without) for without in (alone, spread))
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_kappa_hangs_on_the_patients_who_have_another_grade_than_the_commonest() -> None:
    ratings = np.array([[0, 0], [0, 1], [0, 0], [0, -1], [2, 2]])
    whose = Whose.of(ratings, np.array(list("aabcd")), 0.95)
    assert whose.carriers("kappa_linear") == 2
    assert whose.carriers("ac2_linear") == 4


@pytest.mark.parametrize(("far", "reason"), [(9, "9 patients, 10 needed"), (10, "")])
def test_quadratic_weights_hang_on_patients_with_a_grade_far_from_the_commonest(
    far: int, reason: str
) -> None:
    ratings = np.zeros((60, 2), dtype=np.int64)
    ratings[: 2 * far : 2, 0] = 2
    whose = Whose.of(ratings, np.repeat(np.arange(30), 2), 0.95)
    assert whose.far == far
    assert whose.reason("kappa_quadratic").startswith(reason)
    assert bool(whose.reason("kappa_quadratic")) == bool(reason)
    assert whose.reason("kappa_linear") == ""


def test_quadratic_weights_need_forty_images_by_every_method() -> None:
    few, enough = (by_formula(readings(images, 1, alike=False), 4) for images in (39, 40))
    for name in ("ac2_quadratic", "kappa_quadratic"):
        assert few[name].clustered.reason == "39 images, 40 needed"
        assert enough[name].clustered.reason == ""
    assert few["ac2_linear"].clustered.reason == ""
    given = readings(39, 1, alike=False)
    found = resample(given, PatientBootstrap.of(given.patients, 50, 0), 4)
    quadratic, linear = found["kappa_quadratic"], found["kappa_linear"]
    assert quadratic.estimate().reason == "39 images, 40 needed"
    assert (quadratic - quadratic).estimate().reason == "39 images, 40 needed"
    assert linear.estimate().reason == ""


def test_few_patients_have_no_clustered_interval_and_say_so() -> None:
    found = by_formula(readings(9, 4, alike=False), 4)
    assert found["ac1"].clustered.reason == "9 patients, 10 needed"
    assert np.isfinite(found["ac1"].independent.low)
