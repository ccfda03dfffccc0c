from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.evaluation.coverage import coverage_by_group, grade_groups, share
from lumbargrade.evaluation.intervals import PatientBootstrap

SETS = np.array([[0, 0], [0, 1], [1, 2], [2, 3], [0, 3]])
LABELS = np.array([0, 1, 0, 3, 2])
PATIENTS = np.array(["a", "a", "a", "b", "c"])


def _bootstrap() -> PatientBootstrap:
    return PatientBootstrap.of(PATIENTS, 400, seed=1)


def test_coverage_is_counted_by_image_and_by_patient() -> None:
    groups = grade_groups(LABELS, 4)
    found = {one.group: one for one in coverage_by_group(SETS, LABELS, groups, _bootstrap())}
    everything = found["all"]
    assert (everything.images, everything.patients) == (5, 3)
    assert everything.by_image.value == pytest.approx(4 / 5)
    assert everything.by_patient.value == pytest.approx((2 / 3 + 1 + 1) / 3)
    assert everything.mean_size == pytest.approx((1 + 2 + 2 + 2 + 4) / 5)
    assert everything.asked.value == pytest.approx(2 / 5)
    assert everything.by_image.low < everything.by_image.value < everything.by_image.high
    assert found["grade 0"].by_image.value == 0.5
    assert found["grade 3"].by_patient.value == 1.0


def test_any_groups_can_be_asked_for() -> None:
    groups = {"L4/L5": np.array([True, True, False, False, False])}
    (found,) = coverage_by_group(SETS, LABELS, groups, _bootstrap())
    assert (found.group, found.images, found.patients) == ("L4/L5", 2, 1)
    assert found.by_image.value == 1.0


def test_an_empty_group_has_no_coverage() -> None:
    (found,) = coverage_by_group(SETS, LABELS, {"none": LABELS > 9}, _bootstrap())
    assert (found.images, found.patients) == (0, 0)
    assert np.isnan([found.by_image.value, found.by_patient.value, found.mean_size]).all()


def test_one_patient_has_no_interval() -> None:
    bootstrap = PatientBootstrap.of(np.array(["a", "a"]), 100, seed=1)
    found = share(np.array([True, False]), np.ones(2, bool), bootstrap)
    assert found.value == 0.5
    assert np.isnan([found.low, found.high]).all()


def test_the_interval_is_over_patients() -> None:
    """Ten alike images a patient say no more than one: the interval does not shrink."""
    rng = np.random.default_rng(3)
    hit = rng.uniform(size=80) < 0.7
    one = share(hit, np.ones(80, bool), PatientBootstrap.of(np.arange(80).astype(str), 2000, 1))
    ten = np.repeat(hit, 10), np.repeat(np.arange(80), 10).astype(str)
    many = share(ten[0], np.ones(800, bool), PatientBootstrap.of(ten[1], 2000, 1))
    assert many.high - many.low == pytest.approx(one.high - one.low, rel=0.15)
