"""The slices that can be read: decoded, and of series that lie as their header says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from lumbargrade.errors import OverBudgetError, StudyError
from lumbargrade.grading.finding import NotGraded, SliceIdentity
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.orientation.mirrored import contradiction, sides_fit
from lumbargrade.inference.orientation.turn import find_turn, turn_reason
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.inference.sagittal.find import pictures_aside
from lumbargrade.study.model import FloatImage, Slice

BLANK = "the image is blank: every pixel has the same value; export it again"

MOST_GRADED_PIXELS = 64_000_000
"""Of all slices to grade, which are in memory together: 240 of 512 x 512, 60 of 1024 x 1024. A
lumbar study has 15 to 60 slices."""

MOST_GRADED_SLICES = 400
"""However small they are: each costs the networks as much. Isotropic volumes have some 200."""

DECODERS = 2
"""Threads that decode pixels; compressed slices take longer than the network."""


@dataclass(frozen=True)
class Candidate:
    """One slice on its way through the steps.

    Attributes
    ----------
    pixels : (rows, columns), as stored.
    rotation_deg : of the patient in the plane, to be undone before the slice is cut.
    doubts : what puts every grade of the slice in doubt and is said of its series.
    """

    slice: Slice
    level: LevelAssignment
    pixels: FloatImage
    rotation_deg: float = 0.0
    doubts: tuple[str, ...] = ()


def decoded(
    slices: Sequence[Slice], levels: Sequence[LevelAssignment], refused: list[NotGraded]
) -> list[Candidate]:
    """Decode the slices; what cannot be decoded or is blank is added to ``refused``.

    Raises OverBudgetError if they are too large to be in memory together.
    """

    def load(item: Slice) -> FloatImage | StudyError:
        try:
            pixels = item.load_pixels()
        except OverBudgetError:
            raise
        except StudyError as error:
            return error
        # With a box from the user nothing else would notice that there is no picture.
        return pixels if np.ptp(pixels) > 0 else StudyError(BLANK)

    check_together(slices)
    candidates = []
    with ThreadPoolExecutor(DECODERS) as pool:
        for item, level, pixels in zip(slices, levels, pool.map(load, slices), strict=True):
            if isinstance(pixels, StudyError):
                refused.append(not_graded(item, str(pixels)))
            else:
                candidates.append(Candidate(item, level, pixels))
    return candidates


def check_together(slices: Sequence[Slice], most: int = MOST_GRADED_PIXELS) -> None:
    """Raise OverBudgetError if ``slices`` are too many, or have more than ``most`` pixels.

    None is decoded.
    """
    several = len({one.series_instance_uid for one in slices}) > 1
    advice = "choose one series with --series" if several else "give those through the discs alone"
    if len(slices) > MOST_GRADED_SLICES:
        raise OverBudgetError(
            f"{len(slices)} slices to grade ({MOST_GRADED_SLICES} are allowed): {advice}"
        )
    pixels = sum(one.geometry.rows * one.geometry.columns for one in slices)
    if pixels > most:
        raise OverBudgetError(
            f"the {len(slices)} slices to grade hold {pixels / 1e6:.0f} million pixels together "
            f"({most / 1e6:.0f} million are allowed): {advice}"
        )


def not_turned(
    engine: Engine, candidates: Sequence[Candidate], refused: list[NotGraded], doubts: list[str]
) -> list[Candidate]:
    """Leave out the series that are turned; say in ``doubts`` which ones may be.

    Those that are rotated in the plane stay, with their angle.
    """
    kept: dict[str, tuple[float, tuple[str, ...]]] = {}
    for uid, own in _by_series(candidates).items():
        turn = find_turn(engine, [one.slice.geometry for one in own], [one.pixels for one in own])
        reason = turn_reason(turn)
        if reason and turn.sure and not turn.is_rotation:
            refused += [not_graded(one.slice, reason) for one in own]
            continue
        doubted = () if turn.sure or not reason else (reason,)
        doubts += [f"series of {own[0].slice.source_file}: {text}" for text in doubted]
        kept[uid] = (turn.rotation_deg if turn.sure else 0.0, doubted)
    return [
        replace(one, rotation_deg=degrees, doubts=doubted)
        for one in candidates
        if one.slice.series_instance_uid in kept
        for degrees, doubted in [kept[one.slice.series_instance_uid]]
    ]


def with_sides_checked(
    candidates: Sequence[Candidate], spine: SpineDiscs, placed: Collection[SliceIdentity]
) -> list[Candidate]:
    """Say of the series that contradict the sagittal one why their sides are not known.

    Only the slices of ``placed``, which share its coordinates, are compared.
    """
    if not placed:
        return [*candidates]
    pictures = pictures_aside(spine)
    doubts: dict[str, str] = {}
    for uid, own in _by_series(candidates).items():
        axial = [(one.slice.geometry, one.pixels) for one in own if one.slice.identity in placed]
        doubts[uid] = contradiction(sides_fit(axial, pictures), spine.series)
    checked = []
    for one in candidates:
        doubt = one.slice.sides_doubt or doubts[one.slice.series_instance_uid]
        checked.append(replace(one, slice=replace(one.slice, sides_doubt=doubt)))
    return checked


def _by_series(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    series: dict[str, list[Candidate]] = {}
    for one in candidates:
        series.setdefault(one.slice.series_instance_uid, []).append(one)
    return series


def not_graded(item: Slice, reason: str) -> NotGraded:
    """Return the entry of a slice that is left out."""
    return NotGraded(
        what=item.label,
        reason=reason,
        sop_instance_uid=item.sop_instance_uid,
        series_instance_uid=item.series_instance_uid,
    )
