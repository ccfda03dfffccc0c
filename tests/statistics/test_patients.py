"""Demographics of patients, not of images."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.evaluation.material import cohort_image

from lumbargrade.statistics.patients import Count, demographics


def test_a_patient_counts_once_however_many_images() -> None:
    images = [cohort_image(number) for number in range(18)]  # F 30, M 40, F 50
    found = demographics(images)
    assert (found.patients, found.ages) == (3, 3)
    assert found.age == pytest.approx((40, 10, 30, 50))
    assert found.by_sex["F"][0] == 2
    assert found.by_sex["F"][1] == pytest.approx((40, math.sqrt(200), 30, 50))


def test_one_patient_has_no_deviation_and_an_unknown_age_is_not_zero() -> None:
    one = demographics([cohort_image(0)])
    assert one.age is not None
    assert math.isnan(one.age[1])
    unknown = demographics([replace(cohort_image(0), age_years=None)])
    assert (unknown.ages, unknown.age) == (0, None)
    assert demographics([]).patients == 0


def test_counts_are_of_patients_and_images() -> None:
    assert Count.of("all", [cohort_image(number) for number in range(8)]) == Count("all", 2, 8)
