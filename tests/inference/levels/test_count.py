"""From where the discs of a sagittal series are counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.inference.levels.found import SERIES, disc_at, spine_of

from lumbargrade.grading.level import Level, LevelSource
from lumbargrade.inference.levels.count import name_discs
from lumbargrade.inference.levels.stack import ABOVE, ASSUMED, ONE_DISC, users_word
from lumbargrade.inference.sagittal.discs import SpineDiscs

UPWARD = tuple(reversed(Level))


def test_discs_are_counted_from_the_sacrum() -> None:
    found = name_discs(spine_of(), {1, 3}, {1, 3}, None)
    assert dict(found.names) == dict(enumerate(UPWARD))
    assert (found.source, found.lowest, found.warnings) == (LevelSource.SAGITTAL, 1, ())


def test_discs_above_l1_l2_have_no_lumbar_name() -> None:
    found = name_discs(spine_of(lowest=2), {0, 2, 3}, {0, 2, 3}, None)
    assert dict(found.names) == dict(enumerate(UPWARD[2:]))
    assert found.warnings == (ABOVE,)
    # Only a disc with slices is worth a word.
    assert name_discs(spine_of(lowest=2), {0, 2}, {0, 2}, None).warnings == ()


@pytest.mark.parametrize("lowest", [0, None])
def test_the_users_word_names_the_lowest_disc_that_slices_show(lowest: int | None) -> None:
    """Disc 0 is only the nearest to slices in the bone above it."""
    found = name_discs(spine_of(lowest), {0, 1, 2, 4}, {1, 2, 4}, Level.L4_L5)
    assert dict(found.names) == dict(enumerate(UPWARD))
    assert (found.source, found.warnings) == (LevelSource.USER, (users_word(Level.L4_L5),))


def test_a_contradiction_of_the_user_names_both() -> None:
    found = name_discs(spine_of(), {1, 2}, {1, 2}, Level.L5_S1)
    assert dict(found.names) == dict(enumerate(UPWARD[:4], start=1))
    assert found.warnings == (
        f"level names follow the user's word: the lowest disc is L5/S1, but the sagittal "
        f"{SERIES} shows that it is L4/L5: check which of the two is right",
    )
    above = name_discs(spine_of(lowest=5), {0}, {0}, Level.L1_L2)
    assert "shows that it is a disc above L1/L2: check" in above.warnings[0]


def test_below_l5_s1_there_is_no_disc_to_name() -> None:
    found = name_discs(spine_of(), {0, 1}, {1}, Level.L5_S1)
    assert dict(found.names) == dict(enumerate(UPWARD[:4], start=1))


def test_without_a_sacrum_the_lowest_disc_is_assumed() -> None:
    found = name_discs(spine_of(lowest=None), range(5), {1, 2, 3}, None)
    assert dict(found.names) == {n: UPWARD[n - 1] for n in range(1, 5)}
    assert (found.source, found.warnings) == (LevelSource.STACK, (ASSUMED,))


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (set(), "no axial slice runs through a disc that the sagittal series shows"),
        ({2}, ONE_DISC),
        (
            {0, 2},
            "there is a disc without slices between those with slices, and no sacrum on the "
            "sagittal series from which to count: name the lowest disc (--lowest-level)",
        ),
    ],
)
def test_nothing_is_assumed_over_a_gap(shown: set[int], why: str) -> None:
    found = name_discs(spine_of(lowest=None), range(5), shown, None)
    assert (dict(found.names), found.source) == ({}, LevelSource.UNKNOWN)
    assert found.warnings == (f"disc levels are unknown: {why}",)


def test_a_disc_that_the_series_missed_is_a_gap() -> None:
    spine = spine_of(lowest=None, missed={2})
    assert name_discs(spine, {0, 1}, {0, 1}, None).source is LevelSource.STACK
    assert name_discs(spine, {1, 2}, {1, 2}, None).source is LevelSource.UNKNOWN
    # Nor does the user's word reach over it.
    assert dict(name_discs(spine, range(4), range(4), Level.L5_S1).names) == {
        0: Level.L5_S1, 1: Level.L4_L5,
    }  # fmt: skip


def test_a_disc_without_a_count_is_counted_from_its_neighbour() -> None:
    first, second = disc_at((0, 0, 0), 0, 1), disc_at((0, 0, 34), 0, None)
    spine = SpineDiscs((first, second), "", SERIES)
    assert dict(name_discs(spine, {0, 1}, {0, 1}, None).names) == {0: Level.L4_L5, 1: Level.L3_L4}
    far = replace(second, corners_mm=second.corners_mm + np.array((0, 0, 30)))
    spine = SpineDiscs((first, far), "", SERIES)
    assert dict(name_discs(spine, {0, 1}, {0, 1}, None).names) == {0: Level.L4_L5}
