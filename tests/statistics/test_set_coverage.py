from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.statistics.proportions import share_by_patient
from lumbargrade.statistics.set_coverage import coverage_by_group, grade_groups

SETS = np.array([[0, 0], [0, 1], [1, 2], [2, 3], [0, 3]])
LABELS = np.array([0, 1, 0, 3, 2])
PATIENTS = np.array(["a", "a", "a", "b", "c"])


def test_coverage_is_counted_by_image_and_by_patient() -> None:
    groups = grade_groups(LABELS, 4)
    found = {one.group: one for one in coverage_by_group(SETS, LABELS, groups, PATIENTS)}
    everything = found["all"]
    assert (everything.images, everything.patients) == (5, 3)
    assert everything.by_image.value == pytest.approx(4 / 5)
    assert everything.by_patient.value == pytest.approx((2 / 3 + 1 + 1) / 3)
    assert everything.mean_size == pytest.approx((1 + 2 + 2 + 2 + 4) / 5)
    assert everything.asked.value == pytest.approx(2 / 5)
    assert everything.by_image.reason == "3 patients, 10 needed"
    assert found["grade 0"].by_image.value == 0.5
    assert found["grade 3"].by_patient.value == 1.0


def test_any_groups_can_be_asked_for() -> None:
    groups = {"L4/L5": np.array([True, True, False, False, False])}
    (found,) = coverage_by_group(SETS, LABELS, groups, PATIENTS)
    assert (found.group, found.images, found.patients) == ("L4/L5", 2, 1)
    assert found.by_image.value == 1.0


def test_an_empty_group_has_no_coverage() -> None:
    (found,) = coverage_by_group(SETS, LABELS, {"none": LABELS > 9}, PATIENTS)
    assert (found.images, found.patients) == (0, 0)
    assert np.isnan([found.by_image.value, found.by_patient.value, found.mean_size]).all()


def test_one_patient_has_no_interval() -> None:
    groups = {"two": np.array([True, True, False, False, False])}
    (found,) = coverage_by_group(SETS, LABELS, groups, PATIENTS)
    assert np.isnan([found.by_image.low, found.by_patient.low, found.asked.low]).all()


def test_confidence_is_followed() -> None:
    sets, labels = np.tile(SETS, (4, 1)), np.tile(LABELS, 4)
    groups = grade_groups(labels, 4)
    wide, narrow = (
        coverage_by_group(sets, labels, groups, np.arange(20), confidence)[0].by_patient
        for confidence in (0.95, 0.5)
    )
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_interval_by_patient_is_over_patients() -> None:
    """Ten alike images a patient say no more than one: the interval does not shrink."""
    hit = np.random.default_rng(3).uniform(size=80) < 0.7
    one = share_by_patient(hit, np.arange(80))
    many = share_by_patient(np.repeat(hit, 10), np.repeat(np.arange(80), 10))
    assert many.value == pytest.approx(one.value)
    assert many.high - many.low == pytest.approx(one.high - one.low, rel=0.05)


def test_the_mean_over_patients_is_covered_as_promised() -> None:
    """Patients with 1 to 8 images and a chance of their own: 95 % within three standard errors."""
    rng = np.random.default_rng(9)
    inside, repeats = 0, 400
    for _ in range(repeats):
        chance = rng.beta(6, 1, 60)
        whose = np.repeat(np.arange(60), rng.integers(1, 9, 60))
        found = share_by_patient(rng.uniform(size=len(whose)) < chance[whose], whose)
        inside += found.low <= 6 / 7 <= found.high
    assert abs(inside / repeats - 0.95) < 3 * (0.95 * 0.05 / repeats) ** 0.5
