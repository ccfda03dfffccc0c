"""Names by the order of the slices: counted from which disc, where they end, what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.study.series.spines import (
    LORDOSIS_DEG,
    block,
    discs,
    flat,
    flipped,
    middles,
    slice_at,
    turned,
)

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.inference.levels.stack import NamedLevels, name_by_order
from lumbargrade.study.model import Slice
from lumbargrade.study.series.blocks import order_by_disc

ASSUMED = "level names are assumed: the most caudal disc with slices is taken as L5/S1"
UPWARD = tuple(reversed(Level))


def named(slices: Sequence[Slice], lowest: Level | None = None) -> NamedLevels:
    return name_by_order(*order_by_disc(slices), lowest)


def by_file(slices: Sequence[Slice], lowest: Level | None = None) -> dict[str, Level | None]:
    ordered, blocks = order_by_disc(slices)
    levels = name_by_order(ordered, blocks, lowest).assignments
    return {item.source_file: one.level for item, one in zip(ordered, levels, strict=True)}


def test_the_lowest_block_is_assumed_to_be_l5_s1() -> None:
    levels = named(flat(discs()))
    assert [one.level for one in levels.assignments] == [level for level in UPWARD for _ in "abc"]
    assert {one.source for one in levels.assignments} == {LevelSource.STACK}
    assert levels.warnings == (ASSUMED,)


def test_above_l1_l2_there_is_no_lumbar_name() -> None:
    above = block(middles()[-1] + np.array((0.0, 5.0, 34.0)), -9, "f")
    levels = named([*flat(discs()), *above])
    assert levels.assignments[-1] == LevelAssignment(None, LevelSource.UNKNOWN, 5)
    assert levels.assignments[-4].level is Level.L1_L2
    assert levels.warnings == (ASSUMED, "blocks of slices above L1/L2 have no lumbar name")


def test_stacks_of_two_angles_that_are_taken_as_one_disc_are_said() -> None:
    again = block(middles()[1] + np.array((0.0, 0.0, 6.0)), LORDOSIS_DEG[1] + 12, "g")
    levels = named([*flat(discs()), *again])
    assert levels.assignments[3:9] == (levels.assignments[3],) * 6
    said = [text for text in levels.warnings if "taken as one disc" in text]
    assert said == [
        "the stacks of b00 and g00 lie so near each other that they were taken as one disc: if "
        "they show two, levels above are one off"
    ]


def test_one_block_has_no_order_and_no_name_but_the_users() -> None:
    slices = discs()[0]
    assert named(slices) == NamedLevels(
        (LevelAssignment(),) * 3,
        ("disc levels are unknown: the axial slices show one disc, and nothing says which",),
    )
    assert {one.level for one in named(slices, Level.L3_L4).assignments} == {Level.L3_L4}
    assert named([]) == NamedLevels((), ())


def test_the_word_of_the_user_stands_above_the_assumption() -> None:
    levels = named(flat(discs()), Level.L4_L5)
    assert [one.level for one in levels.assignments[::3]] == [*UPWARD[1:], None]
    assert {one.source for one in levels.assignments[:12]} == {LevelSource.USER}
    assert levels.warnings == (
        "level names follow the user's word: the lowest disc is L4/L5",
        "blocks of slices above L1/L2 have no lumbar name",
    )


@pytest.mark.parametrize("distance_mm", [25.0, 30.0, 34.0, 42.0])
@pytest.mark.parametrize("lost", [{1}, {2}, {3}, {1, 2}, {2, 3}, {1, 3}, {1, 2, 3}])
@pytest.mark.parametrize("lowest", [None, Level.L5_S1])
def test_no_name_is_shifted_where_a_disc_is_lost(
    distance_mm: float, lost: set[int], lowest: Level | None
) -> None:
    blocks = discs(distance_mm)
    whole = by_file(flat(blocks))
    assert None not in whole.values()
    left = [own for n, own in enumerate(blocks) if n not in lost]
    found = by_file(flat(left), lowest)
    assert all(level in (None, whole[name]) for name, level in found.items())
    assert all(found[item.source_file] == whole[item.source_file] for item in left[0])
    # With two blocks left of a small spine nothing else is known of its size.
    below = "abcd"[min(lost) - 1]
    told = [text for text in named(flat(left), lowest).warnings if "are unknown" in text]
    assert len(told) == 1
    assert told[0].startswith(f"disc levels above {below}02 are unknown: the slices up to it and")
    assert "a disc may be missing between them" in told[0]


def test_blocks_too_near_for_two_discs_are_not_counted_as_two() -> None:
    slices = [*block((0, 0, 0), 20, "a"), *block((0, -3, 18), 5, "b"), *block((0, -3, 52), 0, "c")]
    levels = named(slices)
    assert [one.level for one in levels.assignments] == [Level.L5_S1] * 3 + [None] * 6
    assert [one.block for one in levels.assignments] == [0] * 3 + [1] * 3 + [2] * 3
    assert "too near for two discs" in levels.warnings[1]


def test_frames_of_reference_leave_all_names_unknown() -> None:
    slices = [
        *flat(discs()[:3]),
        *(
            replace(item, frame_of_reference_uid="2", series_instance_uid="1.2")
            for item in flat(discs()[3:])
        ),
    ]
    why = (
        "the series have different frames of reference, so nothing says which disc is "
        "the lower one: grade one series at a time (--series)"
    )
    assert named(slices) == NamedLevels(
        (LevelAssignment(),) * 15,
        (
            f"disc levels are unknown: {why}",
            "slices of 2 axial series were graded; a disc may appear more than once",
        ),
    )
    assert named(slices, Level.L4_L5).warnings[:1] == (
        f"the lowest level L4/L5 given by the user was not used: {why}",
    )


def test_a_continuous_stack_has_no_names_even_on_the_users_word() -> None:
    slices = [slice_at((0, 0, 5.0 * n), 0, f"{n:02d}") for n in range(20)]
    assert named(slices).warnings == (
        "disc levels are unknown: the axial slices cannot be grouped by disc",
    )
    levels = named(slices, Level.L5_S1)
    assert levels.assignments == (LevelAssignment(),) * 20
    assert levels.warnings == (
        "the lowest level L5/S1 given by the user was not used: "
        "the axial slices cannot be grouped by disc",
    )


def test_one_picture_takes_the_name_that_the_user_gives() -> None:
    picture = slice_at((0, 0, 0), 0, "a")
    assert name_by_order([picture], [None]) == NamedLevels((LevelAssignment(),), ())
    (one,) = name_by_order([picture], [None], Level.L4_L5).assignments
    assert one == LevelAssignment(Level.L4_L5, LevelSource.USER, 0)


def test_missing_slices_and_series_that_overlap_are_said() -> None:
    blocks = discs()
    other = [
        replace(slice_at(middles()[1], 25, "x"), series_instance_uid="1.2", sop_instance_uid="x")
    ]
    levels = named([*blocks[0], blocks[1][0], blocks[1][2], *other])
    assert levels.warnings[1] == (
        "slices of 2 axial series were graded; a disc may appear more than once"
    )
    assert levels.warnings[2].startswith("1 slice is missing between b00 and b02")
    each = [replace(s, series_instance_uid=s.source_file[0]) for s in flat(blocks)]
    assert named(each).warnings == (ASSUMED,)  # one series a disc


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(range(15)),
    flips=st.lists(st.booleans(), min_size=15, max_size=15),
    angles_deg=st.tuples(*[st.floats(-8, 8)] * 3),
    shift_mm=st.tuples(*[st.floats(-300, 300)] * 3),
    lost=st.sets(st.integers(1, 3)),
)
def test_names_follow_neither_order_nor_flips_nor_posture(
    order: Sequence[int],
    flips: Sequence[bool],
    angles_deg: tuple[float, float, float],
    shift_mm: tuple[float, float, float],
    lost: set[int],
) -> None:
    slices = flat(discs())
    keep = [n for n in order if n // 3 not in lost]
    expected = by_file([slices[n] for n in sorted(keep)])
    rotation = np.eye(3)
    for axis, angle in enumerate(np.radians(angles_deg)):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        one = np.eye(3)
        one[[i, j], [i, j]] = np.cos(angle)
        one[i, j], one[j, i] = -np.sin(angle), np.sin(angle)
        rotation = rotation @ one
    moved = [
        turned(flipped(slices[n]) if flips[n] else slices[n], rotation, shift_mm) for n in keep
    ]
    assert by_file(moved) == expected
