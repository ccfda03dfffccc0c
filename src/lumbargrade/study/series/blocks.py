"""Which slices show the same disc, told from the stack alone.

Axial lumbar slices are planned disc by disc: a few parallel slices through one disc, a
gap or another angle, a few through the next. Where one stack runs through several
discs without a break, the slices do not tell, and nobody guesses. Nor are slices of two
frames of reference compared: their positions have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.model import Slice
from lumbargrade.study.series.holes import closed_holes
from lumbargrade.study.series.stacks import LARGEST_GAP_MM, TALLEST_BLOCK_MM, cranial, stacks_of

SAME_DISC_MM = 14.0
"""Blocks whose middles are nearer than this show one disc, planned twice."""

FAN_ANGLES = 3
"""A block of so many angles is a disc only if a gap parts it from its neighbours."""

Block = list[Slice]


def order_by_disc(slices: Sequence[Slice]) -> tuple[tuple[Slice, ...], tuple[int | None, ...]]:
    """Return the slices caudal to cranial, and the disc block of each (lowest = 0).

    All blocks are None where not even the order of the discs is safe: one block is too tall
    to show a single disc, blocks of changing angle follow each other without a gap, or there
    are several frames of reference (slices are then ordered within each).
    """
    frames: dict[str, list[Slice]] = {}
    for item in slices:
        frames.setdefault(item.frame_of_reference_uid, []).append(item)
    ordered: list[Slice] = []
    blocks: list[Block] | None = None
    for frame in sorted(frames):
        axis = spine_axis(frames[frame])
        own = sorted(frames[frame], key=lambda item: _place(item, axis))
        ordered += own
        blocks = _discs(own, axis) if len(frames) == 1 else None
    if blocks is None:
        return tuple(ordered), (None,) * len(ordered)
    numbered = [(item, number) for number, block in enumerate(blocks) for item in block]
    return tuple(item for item, _ in numbered), tuple(number for _, number in numbered)


def spine_axis(slices: Sequence[Slice]) -> NDArray[np.float64]:
    """Return the mean cranial normal (3,) of axial slices: along the spine, of any posture.

    Along it, and not along the scanner, the order of the slices is that of the discs however
    the patient lies.
    """
    mean = np.sum([cranial(item.geometry.normal) for item in slices], axis=0)
    unit: NDArray[np.float64] = mean / np.linalg.norm(mean)
    return unit


def _discs(ordered: Sequence[Slice], axis: NDArray[np.float64]) -> list[Block] | None:
    """Return the blocks of one frame, lowest first; None where they are not safe."""
    geometries = [item.geometry for item in ordered]
    stacks = stacks_of(geometries, LARGEST_GAP_MM, evenly_spaced=True)
    groups = closed_holes([[ordered[index] for index in stack] for stack in stacks])
    if any(_height(group) > TALLEST_BLOCK_MM for group in groups):
        return None
    blocks: list[list[Block]] = []
    for group in sorted(groups, key=lambda group: _middle(group, axis)):
        below = [item for part in blocks[-1] for item in part] if blocks else []
        if below and _middle(group, axis) - _middle(below, axis) < SAME_DISC_MM:
            blocks[-1].append(group)
        else:
            blocks.append([group])
    merged = [
        sorted((item for part in block for item in part), key=lambda item: _place(item, axis))
        for block in blocks
    ]
    fans = [len(block) >= FAN_ANGLES for block in blocks]
    return None if _fan_goes_on(merged, fans, axis) else merged


def _fan_goes_on(blocks: Sequence[Block], fans: Sequence[bool], axis: NDArray[np.float64]) -> bool:
    """Whether a fan of slices runs into its neighbour: then it was cut at a chance place."""
    for n, (lower, upper) in enumerate(pairwise(blocks)):
        fan = lower if fans[n] else upper if fans[n + 1] else None
        if fan is None:
            continue
        usual = float(np.median(np.diff([_place(item, axis) for item in fan])))
        if _place(upper[0], axis) - _place(lower[-1], axis) <= 2 * usual + 1.0:
            return True
    return False


def _place(item: Slice, axis: NDArray[np.float64]) -> float:
    return float(item.geometry.center_mm @ axis)


def _middle(group: Sequence[Slice], axis: NDArray[np.float64]) -> float:
    return float(np.mean([_place(item, axis) for item in group]))


def _height(group: Sequence[Slice]) -> float:
    places = [float(item.geometry.center_mm @ group[0].geometry.normal) for item in group]
    return max(places) - min(places)
