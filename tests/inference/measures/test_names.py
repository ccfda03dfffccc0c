"""What becomes of a measure in a mirror."""

from __future__ import annotations

import pytest

from lumbargrade.inference.measures.names import (
    mirror_columns,
    mirrored_name,
    without_other_side,
)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("root_gap_left_mm", "root_gap_right_mm"),
        ("root_squeezed_without_disc_right", "root_squeezed_without_disc_left"),
        ("herniation_ratio", "herniation_ratio"),
        ("leftover_mm", "leftover_mm"),
    ],
)
def test_a_side_becomes_the_other(name: str, other: str) -> None:
    assert mirrored_name(name) == other
    assert mirrored_name(other) == name


def test_a_place_across_changes_its_sign() -> None:
    names = ["herniation_u_mm", "root_gap_right_mm", "bulge_mm", "root_gap_left_mm"]
    assert mirror_columns(names) == ([0, 3, 2, 1], [-1.0, 1.0, 1.0, 1.0])


def test_a_side_alone_is_found() -> None:
    assert without_other_side(["root_gap_left_mm", "bulge_mm"]) == ["root_gap_left_mm"]
    assert without_other_side(["root_gap_left_mm", "root_gap_right_mm"]) == []
