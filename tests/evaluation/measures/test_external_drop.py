"""The difference between the external and the internal set."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lumbargrade.evaluation.measures.external_drop import COMPARED, drops
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord

OPTIONS = Options(resamples=200)


def records(patients: int, wrong: float, seed: int = 1) -> list[ImageRecord]:
    """Six images a patient; a share of them is graded by chance."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(6 * patients):
        truth = number % 4
        given = truth if rng.random() > wrong else int(rng.integers(4))
        shares = tuple(1.0 if grade == given else 0.0 for grade in range(4))
        patient = f"P{number // 6}"
        found.append(ImageRecord(str(number), patient, "s", False, truth, given, shares))
    return found


def test_it_is_external_minus_internal() -> None:
    found = drops(records(30, 0.05), records(20, 0.7), "LDH", 4, OPTIONS)
    assert [one.figure for one in found] == list(COMPARED)
    for one in found:
        assert one.difference.value == pytest.approx(one.external.value - one.internal.value)
        assert one.difference.high < 0, one.figure
        assert one.difference.low < one.difference.value < one.difference.high


def test_a_set_against_itself_has_an_interval_around_zero() -> None:
    """Its draws are independent of each other, or the interval would have no width."""
    same = records(30, 0.5)
    for one in drops(same, same, "LDH", 4, OPTIONS):
        assert one.difference.value == 0
        assert one.difference.low < 0 < one.difference.high


def test_one_patient_outside_gives_a_difference_without_an_interval() -> None:
    for one in drops(records(10, 0.5), records(1, 0.5), "LDH", 4, OPTIONS):
        assert math.isnan(one.difference.low)
        assert math.isfinite(one.difference.value)
