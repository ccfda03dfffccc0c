"""Of two stacks through the same discs one is graded; stacks of other places all are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.study.series.spines import LORDOSIS_DEG, block, discs, flat, middles, series_of, slice_at

from lumbargrade.study.model import Slice
from lumbargrade.study.series.twice.rivals import rival_stacks


def lost(*slices: Slice) -> dict[str, str]:
    """Return file -> reason; the slices are ranked as they are given."""
    return {one.slice.source_file: one.reason for one in rival_stacks(slices, series_of(*slices))}


def straight(low_mm: float, high_mm: float, series: str, step_mm: float = 5.0) -> list[Slice]:
    count = int((high_mm - low_mm) / step_mm) + 1
    return [
        slice_at((0, -15, low_mm + step_mm * n), 0, f"s{series}.{n:02d}", series)
        for n in range(count)
    ]


@pytest.mark.parametrize("series", ["1.5", "1.0"])
def test_angled_blocks_go_before_a_straight_stack(series: str) -> None:
    stack = straight(-60, 160, series)
    reasons = lost(*stack, *flat(discs()))
    assert set(reasons) == {item.source_file for item in stack}
    assert set(reasons.values()) == {
        "a second stack through the same discs: series 1 was chosen; "
        f"to grade this one give --series {series[2:]}"
    }


def test_a_straight_stack_in_the_series_of_the_blocks_is_told_too() -> None:
    stack = straight(-60, 160, "1.1")
    reasons = lost(*flat(discs()), *stack)
    assert set(reasons) == {item.source_file for item in stack}
    assert set(reasons.values()) == {
        "a second stack through the same discs: others of this series were chosen, such as "
        "a00 to a02"
    }


def test_a_stack_that_is_repeated_a_little_further_in_its_series_is_graded_once() -> None:
    first = flat(discs())
    again = [
        one
        for middle, tilt, name in zip(middles(), LORDOSIS_DEG, "vwxyz", strict=True)
        for one in block(middle + np.array((0.0, 0.0, 1.5)), tilt, name)
    ]
    assert set(lost(*first, *again)) == {item.source_file for item in again}


def test_slices_that_overlap_evenly_are_one_stack() -> None:
    assert lost(*straight(0, 80, "1.1", 2.0)) == {}


def test_series_of_one_number_are_named_by_uid() -> None:
    one, other = block((0, 0, 0), 0, "a"), block((0, 0, 0), 5, "b", 3, "1.2")
    series = [replace(each, series_number=2) for each in series_of(*one, *other)]
    assert all("--series 1.2" in one.reason for one in rival_stacks([*one, *other], series))


def test_a_straight_stack_that_shows_more_than_twice_as_much_goes_before_blocks() -> None:
    stack, blocks = straight(-30, 160, "1.5"), discs()
    assert set(lost(*blocks[0], *stack)) == {"a00", "a01", "a02"}
    two = lost(*blocks[0], *blocks[1], *stack)
    assert set(two) == {item.source_file for item in flat(blocks[:2])}
    assert set(lost(*flat(blocks[:3]), *stack)) == {item.source_file for item in stack}


@pytest.mark.parametrize(("shift_mm", "turn_deg"), [(1.5, 0.0), (0.0, 4.0), (2.0, -3.0)])
def test_the_same_discs_planned_again_are_graded_once(shift_mm: float, turn_deg: float) -> None:
    first = flat(discs())
    again = [
        one
        for middle, tilt, name in zip(middles(), LORDOSIS_DEG, "vwxyz", strict=True)
        for one in block(middle + np.array((0.0, 0.0, shift_mm)), tilt + turn_deg, name, 3, "1.2")
    ]
    assert set(lost(*first, *again)) == {item.source_file for item in again}
    assert set(lost(*again, *first)) == {item.source_file for item in first}


def test_of_two_blocks_the_one_that_reaches_further_is_graded() -> None:
    short, long = block((0, 0, 0), 10, "a", 3), block((0, 0, 0), 5, "b", 7, "1.2")
    assert set(lost(*short, *long)) == {"a00", "a01", "a02"}
    equal = block((0, 0, 0), 5, "c", 5, "1.3")
    assert set(lost(*short, *equal)) == {item.source_file for item in equal}


def test_of_three_stacks_the_reasons_name_the_one_that_is_graded() -> None:
    stacks = [block((0, 0, 0), 4.0 * n, "abc"[n], 3 + 4 * n, f"1.{n + 1}") for n in range(3)]
    reasons = lost(*flat(stacks))
    assert {item[0] for item in reasons} == {"a", "b"}
    assert all("series 3 was chosen" in why for why in reasons.values())


def test_a_series_without_number_is_named_by_file_and_uid() -> None:
    one, other = block((0, 0, 0), 0, "a"), block((0, 0, 0), 5, "b", 3, "1.2")
    series = [replace(each, series_number=None) for each in series_of(*one, *other)]
    reasons = {one.reason for one in rival_stacks([*one, *other], series)}
    assert reasons == {
        "a second stack through the same discs: the series of a00 was chosen; "
        "to grade this one give --series 1.2"
    }


def test_one_series_a_disc_is_no_repetition() -> None:
    slices = [
        replace(item, series_instance_uid=f"1.{n}") for n, own in enumerate(discs()) for item in own
    ]
    assert lost(*slices) == {}


def test_series_that_share_few_slices_are_all_graded() -> None:
    lower, upper = straight(0, 80, "1.1"), straight(70, 150, "1.2")
    assert lost(*lower, *upper) == {}


def test_interleaved_series_are_no_repetition() -> None:
    odd, even = straight(0, 80, "1.1", 10.0), straight(5, 85, "1.2", 10.0)
    assert lost(*odd, *even) == {}


def test_a_fan_through_one_disc_is_no_repetition() -> None:
    slices = [slice_at((0, 0, 4.4 * n), 4.0 * n, f"f{n}") for n in range(5)]
    assert lost(*slices) == {}


def test_other_frames_and_contrasts_are_not_compared() -> None:
    one, other = block((0, 0, 0), 0, "a"), block((0, 0, 0), 5, "b", 3, "1.2")
    framed = [replace(item, frame_of_reference_uid="2") for item in other]
    assert lost(*one, *framed) == {}
    t1 = replace(other[0].acquisition, echo_time_ms=10.0, repetition_time_ms=550.0)
    assert lost(*one, *(replace(item, acquisition=t1) for item in other)) == {}


@pytest.mark.parametrize("thickness_mm", [400.0, 0.0, -4.0, None])
def test_a_thickness_that_cannot_be_parts_nothing(thickness_mm: float | None) -> None:
    slices = [
        replace(one, acquisition=replace(one.acquisition, slice_thickness_mm=thickness_mm))
        for one in flat(discs())
    ]
    assert lost(*slices) == {}
    again = [
        replace(one, series_instance_uid="1.2", source_file=f"r{n}") for n, one in enumerate(slices)
    ]
    assert set(lost(*slices, *again)) == {one.source_file for one in again}
