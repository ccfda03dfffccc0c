"""Who measured what, by image, frame, measure and side."""

from __future__ import annotations

import pytest
from tests.evaluation.graded import study_of
from tests.evaluation.measured import AREA, RECESS, measured_slices

from lumbargrade.evaluation.morphometry.measurer import (
    Place,
    digits_of,
    model_measurer,
    title_of,
    unit_of,
)
from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.kinds import KINDS, Kind


def test_the_measures_of_a_model() -> None:
    found = model_measurer("net 1", [study_of(measured_slices(2))])
    assert found.name == "net 1"
    assert len(found.values) == 8
    assert found.values[Place("1.2.1", 1, AREA, None)] == 105.0
    assert found.values[Place("1.2.1", 1, RECESS, Side.RIGHT)] == 4.9
    assert found.values[Place("1.2.1", 1, "root_share", None)] is None


@pytest.mark.parametrize(
    ("name", "title", "unit", "digits"),
    [
        ("sac_area_mm2", "sac area", "mm2", 1),
        ("root_displacement_mm", "root displacement", "mm", 2),
        ("facet_angle_deg", "facet angle", "deg", 1),
        ("displacement_ratio", "displacement ratio", "1", 3),
        ("mm", "mm", "mm", 2),
    ],
)
def test_a_name_tells_its_unit(name: str, title: str, unit: str, digits: int) -> None:
    assert (title_of(name), unit_of(name), digits_of(unit_of(name))) == (title, unit, digits)


@pytest.mark.parametrize("kind", KINDS.values(), ids=[*KINDS])
def test_a_name_ends_by_the_unit_of_the_catalogue(kind: Kind) -> None:
    assert unit_of(kind.name) == kind.unit
