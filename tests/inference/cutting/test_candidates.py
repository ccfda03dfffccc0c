from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from tests.inference.levels.bodies import axial, sagittal

from lumbargrade.errors import OverBudgetError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference.cutting import candidates as room
from lumbargrade.inference.cutting.candidates import (
    BLANK,
    MOST_GRADED_SLICES,
    Candidate,
    check_together,
    decoded,
    not_turned,
    with_sides_checked,
)
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.orientation.turn import Turn
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.study.model import FloatImage, Slice
from lumbargrade.study.read import read_study


@pytest.fixture
def slices(tiny: ModuleType, tmp_path: Path) -> tuple[Slice, ...]:
    files = [tiny.axial(number) for number in range(3)]
    files[1].PixelData = bytes(len(files[1].PixelData))
    (series,) = read_study(tiny.write_study(tmp_path / "study", files)).series
    return series.slices


def _levels(slices: Sequence[Slice]) -> list[LevelAssignment]:
    return [LevelAssignment(block=number) for number in range(len(slices))]


def test_a_blank_slice_is_left_out_and_the_others_keep_their_levels(
    slices: tuple[Slice, ...],
) -> None:
    refused: list[NotGraded] = []
    found = decoded(slices, _levels(slices), refused)
    assert [(one.slice, one.level.block) for one in found] == [(slices[0], 0), (slices[2], 2)]
    assert [(one.sop_instance_uid, one.reason) for one in refused] == [
        (slices[1].sop_instance_uid, BLANK)
    ]


def mirrored(item: Slice) -> Candidate:
    return Candidate(item, LevelAssignment(), item.load_pixels()[:, ::-1])


def test_sides_are_doubted_of_the_series_that_contradicts() -> None:
    heights = (-50.0, -20.0, 15.0, 45.0)
    pictures = tuple(sagittal(x=x) for x in (-16.0, -8.0, 0.0, 8.0, 16.0))
    spine = SpineDiscs(series="series 3", pictures=pictures)
    turned = [mirrored(axial(z)) for z in heights]
    plain = [
        Candidate(replace(item, series_instance_uid="1.8"), LevelAssignment(), item.load_pixels())
        for item in map(axial, heights)
    ]
    everywhere = {one.slice.identity for one in (*turned, *plain)}
    found = with_sides_checked([*turned, *plain], spine, everywhere)
    assert ["better with left" in one.slice.sides_doubt for one in found] == [True] * 4 + [
        False
    ] * 4
    for beside in (set(), {one.slice.identity for one in plain}):
        unplaced = with_sides_checked(turned, spine, beside)
        assert [one.slice.sides_doubt for one in unplaced] == [""] * 4
    known = replace(turned[0], slice=replace(turned[0].slice, sides_doubt="nobody says"))
    (kept,) = with_sides_checked([known], spine, everywhere)
    assert kept.slice.sides_doubt == "nobody says"


@pytest.mark.parametrize(
    ("turn", "kept", "said"),
    [
        (Turn(0, sure=True), 0.0, 0),
        (Turn(180, sure=True), None, 0),
        (Turn(180, sure=False), 0.0, 1),
        (Turn(330, sure=True), 30.0, 0),
    ],
)
def test_a_turned_series_goes_a_doubtful_one_is_said_a_rotated_one_keeps_its_angle(
    engine: Engine,
    slices: tuple[Slice, ...],
    monkeypatch: pytest.MonkeyPatch,
    turn: Turn,
    kept: float | None,
    said: int,
) -> None:
    monkeypatch.setattr(room, "find_turn", lambda *_: turn)
    given = [Candidate(slices[0], LevelAssignment(), np.zeros((4, 4), np.float32))]
    refused: list[NotGraded] = []
    doubts: list[str] = []
    found = not_turned(engine, given, refused, doubts)
    assert [one.rotation_deg for one in found] == ([] if kept is None else [kept])
    assert len(refused) == (kept is None)
    assert len(doubts) == said
    assert all(len(one.doubts) == said for one in found)


def test_slices_that_are_too_large_together_are_refused_before_one_is_decoded(
    slices: tuple[Slice, ...],
) -> None:
    pixels = sum(one.geometry.rows * one.geometry.columns for one in slices)
    check_together(slices, pixels)
    words = (
        r"^the 3 slices to grade hold 0 million pixels together \(0 million are allowed\): "
        "give those through the discs alone$"
    )
    with pytest.raises(OverBudgetError, match=words):
        check_together(slices, pixels - 1)


def test_small_slices_are_counted_too(slices: tuple[Slice, ...]) -> None:
    check_together(slices[:1] * MOST_GRADED_SLICES)
    other = replace(slices[0], series_instance_uid="1.2.3")
    words = rf"^401 slices to grade \({MOST_GRADED_SLICES} are allowed\): choose one series with"
    with pytest.raises(OverBudgetError, match=words):
        check_together([*slices[:1] * MOST_GRADED_SLICES, other])


def test_a_budget_that_is_used_up_refuses_the_study_and_not_the_slice(
    slices: tuple[Slice, ...],
) -> None:
    def over() -> FloatImage:
        raise OverBudgetError("too much")

    with pytest.raises(OverBudgetError):
        decoded([replace(slices[0], load_pixels=over)], _levels(slices)[:1], [])
