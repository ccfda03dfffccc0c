"""What was said about a slice: the right side is found, and not known is not zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lumbargrade.grading.finding import Finding, Region, Side, StudyGrades


def test_a_finding_is_found_by_system_and_side(study_grades: StudyGrades) -> None:
    one = study_grades.slices[0]
    for side in (Side.LEFT, Side.RIGHT, None):
        found = one.finding("LNRC", side)
        assert found is not None
        assert (found.system, found.side) == ("LNRC", side)
    assert one.finding("LNRC") == one.finding("LNRC", None)
    assert one.finding("LDH", Side.LEFT) is None
    assert one.finding("MODIC") is None


def test_sides_are_not_mixed_up(study_grades: StudyGrades) -> None:
    findings = (Finding("LNRC", Side.RIGHT, 3), Finding("LNRC", Side.LEFT, 0))
    one = replace(study_grades.slices[0], findings=findings)
    left, right = one.finding("LNRC", Side.LEFT), one.finding("LNRC", Side.RIGHT)
    assert left is not None
    assert right is not None
    assert (left.grade, right.grade) == (0, 3)


@pytest.mark.parametrize(
    ("grades", "review"),
    [((), False), ((1,), False), ((0, 1), False), ((1, 2), True), ((0, 1, 2), True)],
)
def test_a_set_across_the_boundary_needs_review(grades: tuple[int, ...], review: bool) -> None:
    assert Finding("LDH", None, 1, grade_set=grades).ask_reader is review


def test_a_person_gives_no_probabilities() -> None:
    found = Finding("LDH", None, 2)
    assert (found.probabilities, found.grade_set, found.reason) == ((), (), "")


def test_the_corners_of_a_region_are_those_of_its_square() -> None:
    region = Region((0, 0, 0), (60.0, 45.0), 75.0, (10.0, 20.0, 100.0, 50.0), "locator")
    straight = np.array([(10, 20), (110, 20), (110, 70), (10, 70)])
    np.testing.assert_allclose(np.array(region.corners_px), straight)
    # Pixels are twice as high as wide: a quarter turn brings the upper left corner to the right.
    turned = replace(region, angle_deg=90.0)
    expected = np.array([(110, 20), (110, 70), (10, 70), (10, 20)])
    np.testing.assert_allclose(np.array(turned.corners_px), expected)
    eighth = replace(region, angle_deg=45.0)
    assert eighth.corners_px[0] == pytest.approx((60.0, 45.0 - 50.0 / np.sqrt(2)))
