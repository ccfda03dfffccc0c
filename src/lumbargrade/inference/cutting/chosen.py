"""From a study to the slices that can be read: what is useless gives way to the next best.

Of several slices at one place one is chosen by its header. Only its picture shows whether it can
be decoded and lies as its header says; if not, another slice of its place may.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from itertools import compress

from lumbargrade.grading.finding import NotGraded, SliceIdentity
from lumbargrade.grading.level import Level
from lumbargrade.inference.cutting.candidates import (
    Candidate,
    decoded,
    not_turned,
    with_sides_checked,
)
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.levels import name_levels
from lumbargrade.inference.levels.name import NO_DISCS
from lumbargrade.inference.levels.stack import NamedLevels
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.study.model import Study
from lumbargrade.study.series.select import Selection

READ_FOR_LEVELS = "its discs were read for the levels"


@dataclass(frozen=True)
class ChosenSlices:
    """The slices to cut, why others are left out, and what must be said of the study.

    ``selection`` is the last one that was made, and ``levels`` name its slices, also those that are
    left out; ``doubts`` are of series that may be turned.
    """

    candidates: list[Candidate]
    refused: list[NotGraded]
    selection: Selection
    doubts: list[str]
    levels: NamedLevels


def choose_slices(
    engine: Engine,
    study: Study,
    select: Callable[[Study], Selection],
    lowest: Level | None,
    check_turns: bool,
    spine: SpineDiscs = NO_DISCS,
) -> ChosenSlices:
    """Select, decode and check the slices of a study.

    Raises StudyError if ``select`` finds no slice. ``check_turns``: leave out series that are
    turned against their header, and doubt the sides of those that contradict the sagittal series.
    ``spine``: the discs that name the levels of the slices.
    """
    useless: list[NotGraded] = []
    left = study
    while True:
        selection = select(left)
        refused: list[NotGraded] = [*selection.refused]
        doubts: list[str] = []
        levels = name_levels(selection.slices, selection.blocks, lowest, spine)
        candidates = decoded(selection.slices, levels.assignments, refused)
        if check_turns:
            candidates = not_turned(engine, candidates, refused, doubts)
        kept = {one.slice.identity for one in candidates}
        lost = {one.identity for one in selection.slices} - kept
        again = lost & selection.stand_ins
        if not again:
            refused = [_read_for_levels(one, spine) for one in (*useless, *refused)]
            refused = [*study.not_read, *refused]
            if check_turns:
                placed = {one.identity for one in compress(selection.slices, levels.placed)}
                candidates = with_sides_checked(candidates, spine, placed)
            return ChosenSlices(candidates, refused, selection, doubts, levels)
        named = {
            (one.series_instance_uid, one.label)
            for one in selection.slices
            if one.identity in again
        }
        useless += [one for one in refused if (one.series_instance_uid, one.what) in named]
        left = _without(left, again)


def _read_for_levels(one: NotGraded, spine: SpineDiscs) -> NotGraded:
    """Say of the sagittal series that it was not left unread."""
    picture = spine.picture
    if picture is None or one.series_instance_uid != picture.series_instance_uid:
        return one
    return replace(one, reason=f"{one.reason}; {READ_FOR_LEVELS}")


def _without(study: Study, useless: Collection[SliceIdentity]) -> Study:
    series = []
    for one in study.series:
        slices = tuple(item for item in one.slices if item.identity not in useless)
        if slices:
            series.append(replace(one, slices=slices))
    return replace(study, series=tuple(series))
