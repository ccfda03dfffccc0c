"""Name the disc levels from the order of the axial slices alone.

The order of the discs is known from the slices; their names are not. Unless the user
names the lowest disc, it is assumed to be L5/S1, and every result says so. Names are
counted upward from it as long as each block is the next disc beyond doubt; above a gap
nobody knows how many discs are missing, and no name is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.study.model import Slice
from lumbargrade.study.series.holes import missing_slices
from lumbargrade.study.series.stacks import LARGEST_GAP_MM, cranial, stacks_of

_UPWARD = tuple(reversed(Level))

NEAREST_DISCS_MM, FARTHEST_DISCS_MM = 20.0, 46.0
"""Neighbouring lumbar discs lie 25 mm (small patients) to 42 mm apart. Nearer blocks show one
disc; between blocks that are farther apart there is a disc without slices."""

GAP_RATIO = 1.5
"""So there is between blocks that are this many times farther apart than the nearest two: twice
as far in truth, less what the slices of a block may miss the middle of its disc."""


ASSUMED = "level names are assumed: the most caudal disc with slices is taken as L5/S1"
ABOVE = f"blocks of slices above {Level.L1_L2} have no lumbar name"
ONE_DISC = "the axial slices show one disc, and nothing says which"


def users_word(lowest: Level) -> str:
    """Return what is said where the user named the lowest disc."""
    return f"level names follow the user's word: the lowest disc is {lowest}"


@dataclass(frozen=True)
class NamedLevels:
    """The level of each slice, and what must be said of all of them.

    ``assignments`` are in the order of the slices; ``warnings`` are of the study. ``discs`` are
    the names of the discs of the sagittal series, in their order; empty without one. ``confirmed``:
    the pictures show that the axial slices lie beside these discs as their coordinates say;
    ``placed``: whether each slice has coordinates in common with them.
    """

    assignments: tuple[LevelAssignment, ...]
    warnings: tuple[str, ...]
    discs: tuple[LevelAssignment, ...] = ()
    confirmed: bool = False
    placed: tuple[bool, ...] = ()


def name_by_order(
    slices: Sequence[Slice], blocks: Sequence[int | None], lowest: Level | None = None
) -> NamedLevels:
    """Return the level of each slice from its disc block (lowest = 0).

    A block of None is a slice whose disc is not known. A single block has no order, so its
    name would be a bare guess: it has one only if the user gives it. Blocks above L1/L2 have
    no lumbar name.

    Parameters
    ----------
    slices, blocks : as ``select_axial`` returns them, caudal to cranial.
    lowest : the user's name of the lowest block; None: L5/S1 is assumed.
    """
    others = (
        *shown_twice(slices, blocks),
        *_joined(slices, blocks),
        *missing_slices(slices, blocks),
    )
    if len(slices) == 1 and lowest is not None:
        blocks = (0,)  # one slice shows one disc, whatever its header says of its place
    groups = _groups(slices, blocks)
    unknown = _unknown(slices, blocks, len(groups), lowest)
    if unknown is not None:
        return NamedLevels(
            tuple(LevelAssignment(block=block if len(groups) > 1 else None) for block in blocks),
            (*unknown, *others),
        )
    reach, stop = _reach(groups)
    start = _UPWARD.index(lowest or Level.L5_S1)
    source = LevelSource.STACK if lowest is None else LevelSource.USER
    named = min(reach, len(_UPWARD) - start)
    told = ASSUMED if lowest is None else users_word(lowest)
    assignments = tuple(
        LevelAssignment(_UPWARD[start + block], source, block)
        if block is not None and block < named
        else LevelAssignment(block=block)
        for block in blocks
    )
    above = (ABOVE,) if named < reach else ()
    return NamedLevels(assignments, (told, *stop, *above, *others))


def shown_twice(slices: Sequence[Slice], blocks: Sequence[int | None]) -> tuple[str, ...]:
    """Return the warning where series that are graded together may show one disc; else none."""
    series: dict[int | None, set[str]] = {}
    for item, block in zip(slices, blocks, strict=True):
        series.setdefault(block, set()).add(item.series_instance_uid)
    if all(len(own) == 1 for own in series.values()):
        return ()
    count = len({item.series_instance_uid for item in slices})
    return (f"slices of {count} axial series were graded; a disc may appear more than once",)


def _joined(slices: Sequence[Slice], blocks: Sequence[int | None]) -> Iterator[str]:
    """Say where stacks of different angle were taken for one disc: the count of discs rests on it.

    Slices that each have an angle of their own are a fan, planned as one.
    """
    for group in _groups(slices, blocks):
        stacks = stacks_of([item.geometry for item in group], LARGEST_GAP_MM)
        lowest = [group[stack[0]].source_file for stack in stacks if len(stack) > 1]
        if len(lowest) > 1:
            yield (
                f"the stacks of {' and '.join(lowest)} lie so near each other that they were taken "
                "as one disc: if they show two, levels above are one off"
            )


def _groups(slices: Sequence[Slice], blocks: Sequence[int | None]) -> list[list[Slice]]:
    """Return the slices of each known block, lowest first."""
    known = sorted({block for block in blocks if block is not None})
    return [
        [item for item, own in zip(slices, blocks, strict=True) if own == block] for block in known
    ]


def _unknown(
    slices: Sequence[Slice], blocks: Sequence[int | None], count: int, lowest: Level | None
) -> tuple[str, ...] | None:
    """Return why no slice has a name; None where there are names."""
    if count > 1 or (count == 1 and lowest is not None):
        return None
    if count == 1:
        why = ONE_DISC
    elif len({item.frame_of_reference_uid for item in slices}) > 1:
        several = len({item.series_instance_uid for item in slices}) > 1
        what = "the series" if several else "the slices of one series"
        why = f"{what} have different frames of reference, so nothing says which disc is the lower"
        why += " one: grade one series at a time (--series)" if several else " one"
    else:
        why = "the axial slices cannot be grouped by disc"
    if lowest is not None:
        return (f"the lowest level {lowest} given by the user was not used: {why}",)
    return (f"disc levels are unknown: {why}",) if len(slices) > 1 else ()


def _reach(groups: Sequence[Sequence[Slice]]) -> tuple[int, tuple[str, ...]]:
    """Return how many blocks follow each other disc by disc, and what ends that."""
    apart = [_distance_mm(*pair) for pair in pairwise(groups)]
    real = [distance for distance in apart if distance >= NEAREST_DISCS_MM]
    farthest = min([FARTHEST_DISCS_MM, *(GAP_RATIO * distance for distance in real)])
    for number, distance in enumerate(apart):
        if NEAREST_DISCS_MM <= distance <= farthest:
            continue
        lower, upper = groups[number][-1].source_file, groups[number + 1][0].source_file
        what = "too near for two discs" if distance < NEAREST_DISCS_MM else "a disc may be missing"
        return number + 1, (
            f"disc levels above {lower} are unknown: the slices up to it and those from {upper} "
            f"on are {distance:.0f} mm apart, {what} between them",
        )
    return len(groups), ()


def _distance_mm(lower: Sequence[Slice], upper: Sequence[Slice]) -> float:
    """Return the distance of two blocks along the spine, between their middles.

    It is measured along the mean of their normals: a shift of the field of view within the
    slices is no distance.
    """
    (a, normal_a), (b, normal_b) = _middle(lower), _middle(upper)
    mean = normal_a + normal_b
    return abs(float((b - a) @ mean)) / float(np.linalg.norm(mean))


def _middle(block: Sequence[Slice]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    centers = [item.geometry.center_mm for item in block]
    normals = [cranial(item.geometry.normal) for item in block]
    return np.mean(centers, axis=0), np.mean(normals, axis=0)
