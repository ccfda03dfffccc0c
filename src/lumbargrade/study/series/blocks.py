"""Which slices show the same disc, told from the stack alone.

Axial lumbar slices are planned disc by disc: a few parallel slices through one disc, a
gap or another angle, a few through the next. Where one stack runs through several
discs without a break, the slices do not tell, and nobody guesses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lumbargrade.study.model import Slice
from lumbargrade.study.series.stacks import stacks_of

LARGEST_GAP_MM = 20.0
"""A wider gap always parts two blocks: discs lie 30 to 40 mm apart."""

TALLEST_BLOCK_MM = 36.0
"""A block that is taller shows more than one disc."""

SAME_DISC_MM = 14.0
"""Blocks whose middles are nearer than this show one disc, planned twice."""


def order_by_disc(slices: Sequence[Slice]) -> tuple[tuple[Slice, ...], tuple[int | None, ...]]:
    """Return the slices caudal to cranial, and the disc block of each (lowest = 0).

    All blocks are None where one of them is too tall to show a single disc: then
    not even the order of the discs is safe.
    """
    stacks = stacks_of([item.geometry for item in slices], LARGEST_GAP_MM, evenly_spaced=True)
    groups = [[slices[index] for index in stack] for stack in stacks]
    if any(_height(group) > TALLEST_BLOCK_MM for group in groups):
        ordered = sorted(slices, key=_level_mm)
        return tuple(ordered), (None,) * len(ordered)
    blocks = _merged(sorted(groups, key=_middle))
    numbered = [
        (item, number)
        for number, block in enumerate(blocks)
        for item in sorted(block, key=_level_mm)
    ]
    return tuple(item for item, _ in numbered), tuple(number for _, number in numbered)


def _level_mm(item: Slice) -> float:
    return float(item.geometry.center_mm[2])


def _middle(group: Sequence[Slice]) -> float:
    return float(np.mean([_level_mm(item) for item in group]))


def _height(group: Sequence[Slice]) -> float:
    places = [float(item.geometry.center_mm @ group[0].geometry.normal) for item in group]
    return max(places) - min(places)


def _merged(groups: Sequence[list[Slice]]) -> list[list[Slice]]:
    blocks: list[list[Slice]] = []
    for group in groups:
        if blocks and _middle(group) - _middle(blocks[-1]) < SAME_DISC_MM:
            blocks[-1].extend(group)
        else:
            blocks.append(list(group))
    return blocks
