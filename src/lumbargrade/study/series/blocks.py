"""Which slices show the same disc, told from the stack alone.

Axial lumbar slices are planned disc by disc: a few parallel slices through one disc, a
gap or another angle, a few through the next. Where one stack runs through several
discs without a break, the slices do not tell, and nobody guesses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lumbargrade.study.model import Slice

SAME_ANGLE_COSINE = float(np.cos(np.deg2rad(2.0)))
"""Slices whose normals differ by less than two degrees are parallel."""

LARGEST_GAP_MM = 20.0
"""A wider gap always parts two blocks: discs lie 30 to 40 mm apart."""

TALLEST_BLOCK_MM = 36.0
"""A block that is taller shows more than one disc."""

SAME_DISC_MM = 14.0
"""Blocks whose middles are nearer than this show one disc, planned twice."""


def order_by_disc(
    slices: Sequence[Slice],
) -> tuple[tuple[Slice, ...], tuple[int | None, ...]]:
    """Return the slices caudal to cranial, and the disc block of each (lowest = 0).

    All blocks are None where one of them is too tall to show a single disc: then
    not even the order of the discs is safe.
    """
    groups = [run for group in _parallel(slices) for run in _runs(group)]
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


def _upward(item: Slice) -> np.ndarray:
    normal = item.geometry.normal
    return normal if normal[2] >= 0 else -normal


def _along(group: Sequence[Slice]) -> list[float]:
    """Return the position of each slice along the common normal."""
    normal = _upward(group[0])
    return [float(item.geometry.center_mm @ normal) for item in group]


def _height(group: Sequence[Slice]) -> float:
    places = _along(group)
    return max(places) - min(places)


def _parallel(slices: Sequence[Slice]) -> list[list[Slice]]:
    groups: list[list[Slice]] = []
    for item in slices:
        normal = _upward(item)
        for group in groups:
            if float(normal @ _upward(group[0])) >= SAME_ANGLE_COSINE:
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _runs(group: Sequence[Slice]) -> list[list[Slice]]:
    """Part parallel slices where the gap is wide, or clearly wider than usual."""
    ordered = [item for _, item in sorted(zip(_along(group), group, strict=True), key=_first)]
    gaps = np.diff(sorted(_along(group)))
    usual = float(np.median(gaps[gaps > 0.1])) if (gaps > 0.1).any() else 0.0
    limit = min(LARGEST_GAP_MM, 2 * usual + 1.0)
    runs = [[ordered[0]]]
    for item, gap in zip(ordered[1:], gaps, strict=True):
        if gap > limit:
            runs.append([])
        runs[-1].append(item)
    return runs


def _first(pair: tuple[float, Slice]) -> float:
    return pair[0]


def _merged(groups: Sequence[list[Slice]]) -> list[list[Slice]]:
    blocks: list[list[Slice]] = []
    for group in groups:
        if blocks and _middle(group) - _middle(blocks[-1]) < SAME_DISC_MM:
            blocks[-1].extend(group)
        else:
            blocks.append(list(group))
    return blocks
