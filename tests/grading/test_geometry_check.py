from __future__ import annotations

import pytest

from lumbargrade.grading.finding import Finding, Measure, Side
from lumbargrade.grading.geometry_check import disagreement, herniation_grade


@pytest.mark.parametrize(
    ("displacement_mm", "ratio", "grade"),
    [
        (0.0, 0.0, 0),
        (0.99, 0.5, 0),  # below the tolerance in mm, however near the line is
        (1.0, 0.07, 0),
        (1.0, 0.08, 1),
        (5.0, 0.5, 1),
        (5.1, 0.51, 2),
        (10.0, 1.0, 2),
        (10.1, 1.01, 3),
        (0.5, None, 0),
        (5.0, None, None),
        (None, 0.5, None),
    ],
)
def test_a_herniation_is_graded_by_how_far_it_reaches(
    displacement_mm: float | None, ratio: float | None, grade: int | None
) -> None:
    assert herniation_grade(displacement_mm, ratio) == grade


def _slice(
    grade: int | None, displacement_mm: float | None, ratio: float | None
) -> tuple[list[Finding], list[Measure]]:
    findings = [Finding("LCCS", None, 0), Finding("LDH", None, grade)]
    return findings, [
        Measure("disc_displacement_mm", None, displacement_mm),
        Measure("displacement_ratio", None, ratio),
        Measure("recess_depth_mm", Side.LEFT, 5.0),
    ]


def test_more_than_one_grade_apart_needs_review() -> None:
    found = disagreement(*_slice(3, 2.5, 0.25))
    assert found is not None
    assert (found.grade, found.by_geometry) == (3, 1)
    assert str(found) == (
        "by its outline the disc is displaced by 2.5 mm, 0.25 of the way to the intra-facet line, "
        "which is grade 1, not 3"
    )
    small = disagreement(*_slice(2, 0.4, None))
    assert small is not None
    assert "displaced by 0.4 mm, which is grade 0" in str(small)


@pytest.mark.parametrize(
    ("grade", "displacement_mm", "ratio"),
    [(2, 2.5, 0.25), (0, 2.5, 0.25), (None, 2.5, 0.25), (3, None, None), (3, 2.5, None)],
)
def test_one_grade_apart_or_not_known_needs_none(
    grade: int | None, displacement_mm: float | None, ratio: float | None
) -> None:
    assert disagreement(*_slice(grade, displacement_mm, ratio)) is None


def test_without_measures_there_is_nothing_to_compare() -> None:
    assert disagreement([Finding("LDH", None, 3)], []) is None
