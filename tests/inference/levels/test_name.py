"""Whose word names the levels: the user's, the sagittal series', or the order of the slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.inference.levels.found import (
    SERIES,
    moved_disc,
    sagittal_rotation,
    spine_of,
    straight_stack,
)
from tests.study.series.spines import block, discs, flat, flipped, middles, slice_at, turned

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource, Through
from lumbargrade.inference.levels import NamedLevels, name_levels
from lumbargrade.inference.levels.stack import ABOVE, ASSUMED, name_by_order, users_word
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.study.model import Slice
from lumbargrade.study.series.blocks import order_by_disc
from lumbargrade.study.volumes.picture import PICTURE_MODALITY

UPWARD = tuple(reversed(Level))


def named(slices: Sequence[Slice], spine: SpineDiscs, lowest: Level | None = None) -> NamedLevels:
    return name_levels(*order_by_disc(slices), lowest, spine)


def by_file(slices: Sequence[Slice], spine: SpineDiscs) -> dict[str, LevelAssignment]:
    ordered, blocks = order_by_disc(slices)
    levels = name_levels(ordered, blocks, None, spine).assignments
    return {item.source_file: one for item, one in zip(ordered, levels, strict=True)}


def test_without_a_sagittal_series_the_order_names() -> None:
    slices, blocks = order_by_disc(flat(discs()))
    assert name_levels(slices, blocks) == name_by_order(slices, blocks)
    doubts = SpineDiscs(doubts=("the sagittal series shows no disc",))
    found = name_levels(slices, blocks, None, doubts)
    assert found.assignments == name_by_order(slices, blocks).assignments
    assert found.warnings == (ASSUMED, *doubts.doubts)


def test_the_sagittal_series_names_without_an_assumption() -> None:
    levels = named(flat(discs()), spine_of())
    assert [one.level for one in levels.assignments] == [level for level in UPWARD for _ in "abc"]
    assert {one.source for one in levels.assignments} == {LevelSource.SAGITTAL}
    assert [one.block for one in levels.assignments] == [n for n in range(5) for _ in "abc"]
    places = [one.place for one in levels.assignments if one.place is not None]
    assert [one.distance_mm for one in places] == pytest.approx([-4.4, 0, 4.4] * 5)
    assert [one.through for one in places] == [Through.ENDPLATE, Through.DISC, Through.ENDPLATE] * 5
    assert levels.warnings == ()


def test_lowest_slices_of_another_disc_are_said_without_a_doubt() -> None:
    levels = named(flat(discs()[1:]), spine_of())
    assert [one.level for one in levels.assignments[::3]] == list(UPWARD[1:])
    assert levels.warnings == ("the lowest disc with slices is L4/L5 by the sagittal series",)


def test_names_go_on_above_a_gap() -> None:
    blocks = discs()
    levels = named(flat([blocks[0], blocks[2], blocks[4]]), spine_of())
    assert [one.level for one in levels.assignments[::3]] == list(UPWARD[::2])
    assert [one.block for one in levels.assignments[::3]] == [0, 1, 2]
    assert levels.warnings == ()


def test_one_disc_has_a_name_of_its_own() -> None:
    levels = named(discs()[2], spine_of())
    assert {one.level for one in levels.assignments} == {Level.L3_L4}
    assert {one.block for one in levels.assignments} == {0}


def test_a_continuous_stack_is_parted_by_disc() -> None:
    spine = spine_of()
    stack = list(straight_stack(-10, spine.discs[-1].center_mm[2] + 10))
    slices, blocks = order_by_disc(stack)
    assert set(blocks) == {None}
    levels = name_levels(slices, blocks, None, spine).assignments
    assert [one.block for one in levels] == sorted(one.block or 0 for one in levels)
    assert {one.block: one.level for one in levels} == dict(enumerate(UPWARD))
    assert {one.place.through for one in levels if one.place} == set(Through)


def test_above_l1_l2_and_beyond_the_discs_there_is_no_name() -> None:
    slices = [*flat(discs()), *block(middles()[4] + (0, 8, 60), -8, "f")]
    levels = named(slices, spine_of(lowest=1))
    assert [one.level for one in levels.assignments[::3]] == [*UPWARD[1:], None, None]
    assert levels.assignments[12].block == 4
    assert levels.assignments[12].place is not None
    assert levels.assignments[12].source is LevelSource.UNKNOWN
    assert levels.assignments[-3:] == (LevelAssignment(),) * 3
    assert levels.warnings == (
        ABOVE,
        "the lowest disc with slices is L4/L5 by the sagittal series",
        f"slices f00, f01, f02 lie beyond the discs found on the sagittal {SERIES}: "
        "levels there are unknown",
    )


def test_the_users_word_wins_and_the_places_stand() -> None:
    levels = named(flat(discs()), spine_of(lowest=1), Level.L5_S1)
    assert [one.level for one in levels.assignments[::3]] == list(UPWARD)
    assert {one.source for one in levels.assignments} == {LevelSource.USER}
    assert all(one.place is not None for one in levels.assignments)
    (told,) = levels.warnings
    assert told.startswith(users_word(Level.L5_S1))
    assert "shows that it is L4/L5: check which of the two is right" in told
    agreed = named(flat(discs()), spine_of(lowest=1), Level.L4_L5)
    assert agreed.warnings == (users_word(Level.L4_L5), ABOVE)


def test_without_a_sacrum_names_are_assumed_and_places_stand() -> None:
    levels = named(flat(discs()[1:4]), spine_of(lowest=None))
    assert [one.level for one in levels.assignments[::3]] == list(UPWARD[:3])
    assert {one.source for one in levels.assignments} == {LevelSource.STACK}
    assert all(one.place is not None for one in levels.assignments)
    assert levels.warnings == (ASSUMED,)


def test_without_a_sacrum_a_gap_leaves_discs_apart_and_unnamed() -> None:
    blocks = discs()
    levels = named(flat([blocks[0], blocks[2]]), spine_of(lowest=None))
    assert {(one.level, one.source) for one in levels.assignments} == {(None, LevelSource.UNKNOWN)}
    assert [one.block for one in levels.assignments] == [0] * 3 + [1] * 3
    assert levels.warnings[0].startswith("disc levels are unknown: there is a disc without slices")


def test_another_frame_of_reference_is_not_used() -> None:
    slices, blocks = order_by_disc(flat(discs()))
    spine = replace(spine_of(lowest=1), frame_of_reference_uid="1.9")
    found = name_levels(slices, blocks, None, spine)
    assert found.assignments == name_by_order(slices, blocks).assignments
    assert found.warnings == (
        ASSUMED,
        f"the sagittal {SERIES} has another frame of reference than the axial slices, and "
        "their pictures do not show that they share coordinates, so these are not used: levels are "
        "named by the order of the slices",
    )


def test_of_two_frames_the_slices_in_that_of_the_sagittal_series_have_names() -> None:
    lower, upper = discs()[:2], discs()[2:]
    slices = [
        *(replace(item, frame_of_reference_uid="1.9") for item in flat(lower)),
        *flat(upper),
    ]
    found = by_file(slices, replace(spine_of(), frame_of_reference_uid="1.9"))
    assert found["a01"].level is Level.L5_S1
    assert found["b01"].level is Level.L4_L5
    assert {found[item.source_file] for item in flat(upper)} == {LevelAssignment()}
    told = named(slices, replace(spine_of(), frame_of_reference_uid="1.9")).warnings
    assert told[0] == (
        f"slices c00, c01, c02 and 6 more cannot be placed in the coordinates of the sagittal "
        f"{SERIES}: levels there are unknown"
    )


def test_a_picture_without_a_header_has_no_place() -> None:
    item = slice_at(middles()[0], 28, "a")
    item = replace(item, acquisition=replace(item.acquisition, modality=PICTURE_MODALITY))
    found = name_levels([item], [None], None, spine_of())
    assert (found.assignments, found.warnings) == ((LevelAssignment(),), ())


def test_where_no_slice_lies_beside_a_disc_only_the_user_names() -> None:
    slices, blocks = order_by_disc(flat(discs()))
    far = [turned(item, sagittal_rotation(0), (0, 0, 900)) for item in slices]
    found = name_levels(far, blocks, None, spine_of())
    assert found.assignments == tuple(LevelAssignment(block=block) for block in blocks)
    assert len(found.warnings) == 1
    assert "lie beyond the discs found" in found.warnings[0]
    said = name_levels(far, blocks, Level.L4_L5, spine_of()).assignments
    assert {one.source for one in said[:12]} == {LevelSource.USER}


def test_doubts_of_the_series_and_of_its_places_are_said() -> None:
    spine = replace(spine_of(), doubts=("there may be six lumbar vertebrae",))
    aside = block(middles()[1] + (0, 0, 15), 3, "x", count=2)
    turned_away = slice_at(middles()[2], 30, "y")
    other = replace(slice_at(middles()[0], 28, "z"), series_instance_uid="1.7")
    slices = [*discs()[0], *aside, turned_away, other]
    blocks = (0, 0, 0, 1, 1, 2, 0)
    told = name_levels(slices, blocks, None, spine).warnings
    assert told[0] == "there may be six lumbar vertebrae"
    assert told[1].startswith("the slices x00 to x01 seem planned for one disc, but by")
    assert told[2].startswith("slice y is angled by more than 20 degrees")
    assert told[3].startswith("slices of 2 axial series were graded")


def test_missing_slices_are_said_as_ever() -> None:
    stack = [item for n, item in enumerate(straight_stack(-6, 60)) if n != 4]
    oblique, told = named(stack, spine_of()).warnings
    assert "s01, s02 are angled by more" in oblique
    assert told.startswith("1 slice is missing between s03 and s05")


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(range(15)),
    flips=st.lists(st.booleans(), min_size=15, max_size=15),
    angle_deg=st.floats(-15, 15),
    shift_mm=st.tuples(*[st.floats(-300, 300)] * 3),
    lost=st.sets(st.integers(0, 4), max_size=4),
    lowest=st.one_of(st.none(), st.integers(0, 2)),
)
def test_names_follow_neither_order_nor_flips_nor_posture(
    order: Sequence[int],
    flips: Sequence[bool],
    angle_deg: float,
    shift_mm: tuple[float, float, float],
    lost: set[int],
    lowest: int | None,
) -> None:
    slices, spine = flat(discs()), spine_of(lowest)
    keep = [n for n in order if n // 3 not in lost]
    rotation = sagittal_rotation(angle_deg)
    moved = [
        turned(flipped(slices[n]) if flips[n] else slices[n], rotation, shift_mm) for n in keep
    ]
    lying = replace(spine, discs=tuple(moved_disc(d, rotation, shift_mm) for d in spine.discs))
    here, there = by_file([slices[n] for n in sorted(keep)], spine), by_file(moved, lying)
    for name, one in here.items():
        assert replace(there[name], place=None) == replace(one, place=None)
        place, other = one.place, there[name].place
        assert place is not None
        assert other is not None
        assert other.through is place.through
        assert other.distance_mm == pytest.approx(place.distance_mm, abs=1e-6)


def test_all_discs_of_the_sagittal_series_have_names() -> None:
    spine = spine_of()
    assert [one.level for one in named(discs()[2], spine).discs] == list(UPWARD)
    assert {one.source for one in named(discs()[2], spine).discs} == {LevelSource.SAGITTAL}
    told = named(flat(discs()[1:]), spine, Level.L5_S1).discs
    # L5/S1 by the user's word is the second disc: below it there is no name.
    assert [one.level for one in told] == [None, *UPWARD[:4]]
    assert {one.source for one in told[1:]} == {LevelSource.USER}
    assert named(flat(discs()), SpineDiscs()).discs == ()


def test_discs_keep_their_own_names_where_no_slice_shares_their_frame() -> None:
    spine = replace(spine_of(), frame_of_reference_uid="2.9")
    assert [one.level for one in named(flat(discs()), spine).discs] == list(UPWARD)
    uncounted = replace(spine_of(lowest=None), frame_of_reference_uid="2.9")
    assert {one.level for one in named(flat(discs()), uncounted).discs} == {None}
