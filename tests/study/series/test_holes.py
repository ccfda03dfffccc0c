"""Slices that are missing from a stack are said, and a hole is not the space between discs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.study.series.spines import block, discs, flat, slice_at

from lumbargrade.study.model import Slice
from lumbargrade.study.series.blocks import order_by_disc
from lumbargrade.study.series.holes import closed_holes, missing_slices


def stack(*numbers: int, step_mm: float = 5.0) -> list[Slice]:
    """The slices of these numbers of one straight stack."""
    return [slice_at((0, 0, step_mm * n), 0, f"{n:02d}") for n in numbers]


def said(*slices: Slice) -> list[str]:
    return list(missing_slices(*order_by_disc(slices)))


def test_nothing_is_said_of_stacks_without_holes() -> None:
    assert said(*flat(discs())) == []
    assert said(*stack(*range(20))) == []
    assert said(*stack(0, 7, 14, 21)) == []  # one slice a disc
    assert said() == []


def test_a_missing_slice_within_a_block_is_said() -> None:
    blocks = discs()
    assert said(*blocks[0], blocks[1][0], blocks[1][2], *flat(blocks[2:])) == [
        "1 slice is missing between b00 and b02 (8.8 mm apart, others 4.4 mm): "
        "what lies there was not seen"
    ]


def test_missing_slices_of_a_stack_through_all_discs_are_said() -> None:
    assert said(*stack(*range(9), *range(11, 20))) == [
        "2 slices are missing between 08 and 11 (15.0 mm apart, others 5.0 mm): "
        "what lies there was not seen"
    ]


@pytest.mark.parametrize("lost", [{7}, {7, 8}, {6, 7, 8}, {5, 6, 7, 8, 9}, {3, 4, 11, 12}])
def test_a_hole_in_a_straight_stack_makes_no_discs_of_it(lost: set[int]) -> None:
    slices = stack(*sorted(set(range(15)) - lost))
    assert set(order_by_disc(slices)[1]) == {None}
    assert said(*slices)


def test_blocks_in_line_are_discs_if_their_distance_is_none_of_slices() -> None:
    # As in `test_parallel_stacks_are_told_apart_by_their_gap`: 26.2 mm are 5.95 slices.
    slices = [*block((0, 0, 0), 0, "a"), *block((0, 0, 35), 0, "b"), *block((0, 0, 70), 0, "c")]
    assert order_by_disc(slices)[1] == (0, 0, 0, 1, 1, 1, 2, 2, 2)
    # Low blocks are discs even by chance of a whole number: 25 mm are 5 slices of 5 mm.
    assert order_by_disc(stack(0, 1, 2, 7, 8, 9))[1] == (0, 0, 0, 1, 1, 1)


def test_stacks_are_joined_only_in_line_parallel_and_of_one_series() -> None:
    lower, upper = stack(0, 1, 2), stack(5, 6, 7)
    assert len(closed_holes([lower, upper])) == 1
    beside = [slice_at((0.6, 0, 5.0 * n), 0, f"{n}") for n in (5, 6, 7)]
    assert len(closed_holes([lower, beside])) == 2
    angled = [slice_at((0, 0, 5.0 * n), 0.4, f"{n}") for n in (5, 6, 7)]
    assert len(closed_holes([lower, angled])) == 2
    assert len(closed_holes([lower, [replace(s, series_instance_uid="1.2") for s in upper]])) == 2
    uneven = [slice_at((0, 0, 5.0 * n + 0.3), 0, f"{n}") for n in (5, 6, 7)]
    assert len(closed_holes([lower, uneven])) == 2
    assert len(closed_holes([lower[:1], upper[:1]])) == 2
