from __future__ import annotations

import pytest

from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.training.heads import (
    MISSING,
    labels_of,
    mirror_order,
    output_specs,
    side_pairs,
)

ALL = list(GRADING_SYSTEMS.values())


def test_default_has_both_sides_and_a_disc_head() -> None:
    specs = output_specs(ALL, sides=True, disc_head=True)
    assert [s.name for s in specs] == ["LDH", "LCCS", "LNRC_left", "LNRC_right", "disc"]
    assert [s.grades for s in specs] == [4, 4, 4, 4, 2]
    assert side_pairs(specs) == [("LNRC", 2, 3)]


def test_paper_has_three_heads_at_image_level() -> None:
    specs = output_specs(ALL, sides=False, disc_head=False)
    assert [(s.name, s.side) for s in specs] == [("LDH", None), ("LCCS", None), ("LNRC", None)]
    assert side_pairs(specs) == []


def test_missing_grades_are_never_grade_0() -> None:
    specs = output_specs(ALL, sides=True, disc_head=True)
    grades = {"LDH": None, "LCCS": 2, "LNRC_left": None, "LNRC_right": 0}
    assert labels_of(grades, False, specs) == [-1, 2, -1, 0, 0]


@pytest.mark.parametrize(
    ("left", "right", "image"),
    [(1, 3, 3), (2, 0, 2), (None, 1, -1), (None, 3, 3), (None, None, -1)],
)
def test_image_label_is_the_worse_side_if_both_are_known(
    left: int | None, right: int | None, image: int
) -> None:
    specs = output_specs([GRADING_SYSTEMS["LNRC"]], sides=False, disc_head=False)
    assert labels_of({"LNRC_left": left, "LNRC_right": right}, True, specs) == [image]


def test_mirror_order_is_its_own_inverse() -> None:
    order = mirror_order(["LNRC_right", "LDH", "disc", "LNRC_left"])
    assert order == [3, 1, 2, 0]
    assert [order[i] for i in order] == [0, 1, 2, 3]


def test_a_disc_of_which_nothing_is_known_is_missing() -> None:
    specs = output_specs([GRADING_SYSTEMS["LCCS"]], sides=True, disc_head=True)
    assert labels_of({"LCCS": 2}, None, specs) == [2, MISSING]
    assert labels_of({"LCCS": 2}, False, specs) == [2, 0]
