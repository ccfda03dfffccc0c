"""Groups of images by what is known of their patients."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.material import cohort_image

from lumbargrade.evaluation.measures.subgroups import DIMENSIONS, subgroups
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.statistics.patients import CohortImage


def grouped(images: list[CohortImage]) -> dict[str, list[str]]:
    records = [ImageRecord(one.image, one.patient, "s", False, 0, None) for one in images]
    found = subgroups(records, {one.image: one for one in images})
    return {name: [one.image for one in some] for name, some in found.items()}


def test_each_dimension_has_every_image_once() -> None:
    images = [cohort_image(number) for number in range(36)]
    found = grouped(images)
    for dimension in ("sex", "age", "level"):
        names = [name for name in found if name.startswith(f"{dimension}: ")]
        everyone = sorted(image for name in names for image in found[name])
        assert everyone == sorted(one.image for one in images)
    assert not any(name.startswith(("scanner", "field")) for name in found)


def test_sites_are_groups_where_there_are_several() -> None:
    found = grouped([replace(cohort_image(number), site=f"S{number % 2}") for number in range(4)])
    assert found["site: S0"] == ["i0", "i2"]
    assert not any(name.startswith("site") for name in grouped([cohort_image(0)]))


def test_what_is_not_known_is_a_group_of_its_own() -> None:
    found = grouped([cohort_image(0), replace(cohort_image(1), sex="", field_strength_t=None)])
    assert found["sex: not known"] == found["field strength: not known"] == ["i1"]
    assert found["field strength: 3 T"] == ["i0"]


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "under 40"),
        (39.9, "under 40"),
        (40, "40 to 59"),
        (59.5, "40 to 59"),
        (60, "60 and older"),
    ],
)
def test_age_bands(age: float, band: str) -> None:
    assert DIMENSIONS["age"](replace(cohort_image(0), age_years=age)) == band


def test_the_youngest_come_first() -> None:
    images = [replace(cohort_image(n), age_years=age) for n, age in enumerate((70.0, 20.0, 50.0))]
    ages = [name for name in grouped(images) if name.startswith("age")]
    assert ages == ["age: under 40", "age: 40 to 59", "age: 60 and older"]
