"""Discs of several slices become those of the spine."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.inference.sagittal.spines import seen

from lumbargrade.inference.sagittal.merge import (
    FAINT_SACRUM,
    LEAST_DEPTH,
    RIVAL_SACRUM,
    SURE_SACRUM,
    Seen,
    merged,
)

SPINE = [0.0, 35.0, 70.0, 105.0, 140.0]


def test_discs_are_counted_from_the_sacrum() -> None:
    found = merged([seen(SPINE, x=x) for x in (-5.0, 0.0, 5.0)])
    assert [one.above_sacrum for one in found.discs] == [0, 1, 2, 3, 4]
    assert [one.center_mm[2] for one in found.discs] == pytest.approx(SPINE)
    assert found.doubts == ()


def test_the_order_in_which_discs_were_seen_changes_nothing() -> None:
    slices = [seen(SPINE, x=x) for x in (-5.0, 0.0, 5.0)]
    shuffled = [random.Random(3).sample(own, len(own)) for own in slices]
    assert [one.above_sacrum for one in merged(shuffled).discs] == [0, 1, 2, 3, 4]


def test_what_one_slice_of_five_shows_is_no_disc() -> None:
    slices = [seen(SPINE, x=x) for x in (-8.0, -4.0, 0.0, 4.0)]
    slices.append(seen([*SPINE, 175.0], x=8.0))
    assert len(merged(slices).discs) == len(SPINE)


def test_discs_of_the_sacrum_are_left_out() -> None:
    found = merged([seen([-25.0, *SPINE], lowest=1)])
    assert next(round(float(one.center_mm[2])) for one in found.discs) == 0
    assert found.discs[0].above_sacrum == 0


def test_without_the_sacrum_nothing_is_counted() -> None:
    found = merged([seen(SPINE, lowest=None)])
    assert {one.above_sacrum for one in found.discs} == {None}
    assert "sacrum is not in view" in found.doubts[0]


@pytest.mark.parametrize(("rival", "word"), [(1, "lower"), (0, "higher")])
def test_two_candidates_for_the_sacrum_are_a_doubt(rival: int, word: str) -> None:
    own = seen(SPINE, lowest=1 - rival)
    own[rival] = Seen(own[rival].corners_mm, 0.9, RIVAL_SACRUM + 0.05)
    (doubt,) = merged([own]).doubts
    assert "transitional" in doubt
    assert f"one {word}" in doubt


def test_a_disc_that_was_missed_is_counted() -> None:
    found = merged([seen([0.0, 35.0, 105.0, 140.0])])
    assert [one.above_sacrum for one in found.discs] == [0, 1, 3, 4]
    assert "not recognised" in found.doubts[0]


def test_few_discs_are_a_doubt() -> None:
    found = merged([seen(SPINE[:2])])
    assert [one.above_sacrum for one in found.discs] == [0, 1]
    assert "2 discs only" in found.doubts[-1]


def test_nothing_seen_is_nothing() -> None:
    assert merged([]).discs == ()
    assert merged([[], []]).discs == ()


def test_a_stray_disc_far_off_the_spine_is_left_out() -> None:
    own = seen(SPINE)
    stray = Seen(own[2].corners_mm + np.array([0.0, 110.0, 0.0]), 0.9, 0.0)
    found = merged([[*own, stray]])
    assert len(found.discs) == len(SPINE)
    assert found.doubts == ()


def _shorter(one: Seen, share: float) -> Seen:
    middle = one.corners_mm.mean(axis=0)
    corners = one.corners_mm.copy()
    corners[:, 1] = middle[1] + share * (corners[:, 1] - middle[1])
    return Seen(corners, one.confidence, one.on_sacrum)


def test_signs_of_a_transitional_vertebra_are_a_doubt() -> None:
    rudimentary = seen(SPINE)
    rudimentary[0] = _shorter(rudimentary[0], LEAST_DEPTH - 0.05)
    faint = seen(SPINE, sacral=(SURE_SACRUM + FAINT_SACRUM) / 2)
    below = seen([-25.0, *SPINE], lowest=1)
    for own, sign in (
        (rudimentary, "much shorter"),
        (faint, "not clearly on the sacrum"),
        (below, "another disc below"),
    ):
        found = merged([own])
        assert [one.above_sacrum for one in found.discs] == [0, 1, 2, 3, 4]
        (doubt,) = found.doubts
        assert sign in doubt
        assert "lumbarised S1" in doubt
    usual = seen(SPINE)
    usual[0] = _shorter(usual[0], LEAST_DEPTH + 0.05)
    assert merged([usual]).doubts == ()
