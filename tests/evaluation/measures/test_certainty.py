"""A model's doubt: calibration, sets and asking, on made-up answers of known worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.certainty import Group, calibrate, certainty
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord, Readings
from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled
from lumbargrade.statistics.calibration import brier_score, softmax
from lumbargrade.statistics.patients import INTERNAL

QUICK = Options(resamples=60)


def _records(images: int, temperature: float, seed: int = 0) -> list[ImageRecord]:
    """Grades drawn from the probabilities themselves, which are shown sharpened."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (images, 4))
    true, shown = softmax(logits), softmax(logits, temperature)
    reference = [int(rng.choice(4, p=one)) for one in true]
    return [
        ImageRecord(
            image=f"i{number}",
            patient=f"P{number // 4}",
            scanner="s",
            external=False,
            reference=reference[number],
            predicted=int(shown[number].argmax()),
            probabilities=tuple(shown[number].tolist()),
            untempered=tuple(true[number].tolist()),
            grade_set=(0, 1) if number % 2 else (1, 2),
        )
        for number in range(images)
    ]


def _group(records: list[ImageRecord]) -> Group:
    levels = {one.image: ("L4/L5", "L5/S1", "")[int(one.image[1:]) % 3] for one in records}
    return Group("LDH", INTERNAL, 4, records, levels)


def test_true_probabilities_are_calibrated_and_sharpened_ones_are_not() -> None:
    found = certainty(_group(_records(4000, temperature=0.4)), QUICK)
    assert found is not None
    assert found.before is not None
    assert found.before.error < 0.03
    assert found.after.error > 0.1
    assert found.before.brier.value < found.after.brier.value
    assert found.after.brier.low < found.after.brier.value < found.after.brier.high
    assert sum(one.count for one in found.after.bins) == 4000 == found.images
    assert found.patients == 1000


def test_intervals_are_those_of_recomputing_in_every_resample() -> None:
    """Drawn from sums over patients; here by repeating each image as often as drawn."""
    readings = Readings.of(_records(60, 0.7), 4, "LDH")
    bootstrap = PatientBootstrap.of(readings.patients, 20, 3)
    found = calibrate(readings.probabilities, readings, bootstrap, Options(resamples=20))
    (weights,) = bootstrap.image_weights()
    errors = []
    for row in weights.astype(int):
        times = np.repeat(np.arange(60), row)
        errors.append(brier_score(readings.probabilities[times], readings.reference[times]))
    again = Resampled(found.brier.value, np.array(errors), 15, "amount").estimate()
    assert (found.brier.low, found.brier.high) == pytest.approx((again.low, again.high))


def test_sets_are_measured_by_grade_and_by_level() -> None:
    found = certainty(_group(_records(120, 1.0)), QUICK)
    assert found is not None
    assert [one.group for one in found.sets] == [
        *("all", "grade 0", "grade 1", "grade 2", "grade 3"),
        *("L4/L5", "L5/S1"),  # a level that is not known is no group
    ]
    by_group = {one.group: one for one in found.sets}
    assert by_group["grade 1"].by_image.value == 1.0  # in every set here
    assert by_group["grade 3"].by_image.value == 0.0
    assert by_group["all"].mean_size == 2.0
    assert by_group["all"].asked.value == pytest.approx(0.5)
    assert found.by_set is not None
    assert found.by_set.asked.value == pytest.approx(0.5)


def test_the_cut_of_other_patients_is_tried() -> None:
    group = _group(_records(400, 1.0))
    inside = certainty(group, replace(QUICK, error_limit=0.2))
    assert inside is not None
    assert inside.elsewhere is None
    assert inside.referral.error.value <= 0.2
    same = certainty(group, QUICK, cut=inside.referral.doubt)
    assert same is not None
    assert same.elsewhere is not None
    assert same.elsewhere.asked.value == pytest.approx(inside.referral.asked)
    assert same.elsewhere.error.value == inside.referral.error.value
    assert np.isnan(inside.referral.error.high)  # chosen on these patients


def test_one_image_without_its_raw_probabilities_leaves_the_comparison_out() -> None:
    records = _records(20, 1.0)
    records[3] = replace(records[3], untempered=())
    found = certainty(_group(records), QUICK)
    assert found is not None
    assert found.before is None


def test_a_model_without_sets_has_none() -> None:
    found = certainty(_group([replace(one, grade_set=()) for one in _records(20, 1.0)]), QUICK)
    assert found is not None
    assert (found.sets, found.by_set) == ((), None)


def test_a_reader_has_no_doubt_to_measure() -> None:
    assert (
        certainty(_group([replace(one, probabilities=()) for one in _records(8, 1)]), QUICK) is None
    )
    assert certainty(_group([]), QUICK) is None


def test_a_limit_that_is_no_share_is_refused() -> None:
    with pytest.raises(EvaluationError, match="the limit of the error is 2: give a share"):
        certainty(_group(_records(8, 1.0)), replace(QUICK, error_limit=2))


def test_one_patient_only_has_values_without_intervals() -> None:
    found = certainty(_group(_records(4, 1.0)), QUICK)
    assert found is not None
    assert np.isfinite(found.after.brier.value)
    assert np.isnan(found.after.brier.low)
    assert np.isnan(found.referral.error.low)
