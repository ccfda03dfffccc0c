"""Two stacks through the same discs: one is graded, the other is named.

A disc may be covered by slices angled to it and by a straight stack through the whole
lumbar spine, or by a stack that was acquired again at another angle or some millimetres
further. Stacks that meet at a few slices only, one per disc, or interleaved ones show
different places and are all graded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lumbargrade.study.model import Series, Slice
from lumbargrade.study.series.contrast import contrast_of
from lumbargrade.study.series.listing import identifiers
from lumbargrade.study.series.stacks import (
    LARGEST_GAP_MM,
    TALLEST_BLOCK_MM,
    cranial,
    stacks_of,
    thickness_mm,
)

COVERED_SHARE = 0.8
"""A slice nearer to another than this share of its thickness shows the tissue of the other."""

UNEVEN_SHARE = 0.1
"""Distances within a stack that differ by more than this share of their mean are uneven."""

DISC_DISTANCE_MM = 35.0
"""From the middle of a lumbar disc to the next."""

LEAST_SHARE = 0.5
"""Angled blocks stand for a straight stack if they show at least this share of its height."""


@dataclass(frozen=True, eq=False)
class _Stack:
    """Parallel slices of one series, caudal to cranial; ``rank`` 0 is the best of all."""

    slices: tuple[Slice, ...]
    rank: int

    @property
    def height_mm(self) -> float:
        ends = self.slices[-1].geometry.center_mm - self.slices[0].geometry.center_mm
        return abs(float(ends @ self.slices[0].geometry.normal))

    @property
    def is_tall(self) -> bool:
        return self.height_mm > TALLEST_BLOCK_MM


@dataclass(frozen=True)
class Repeat:
    """A slice that shows again what ``chosen`` shows, and why it is left out."""

    slice: Slice
    reason: str
    chosen: tuple[Slice, ...]


def rival_stacks(ranked: Sequence[Slice], series: Sequence[Series]) -> Iterator[Repeat]:
    """Yield each slice of a stack that runs through discs that another one shows.

    Angled blocks go before a straight stack if they show two discs and half of its height,
    or else the straight stack does; of two stacks of a kind the one that reaches further,
    and of two equals the one whose slices rank better.

    Parameters
    ----------
    ranked : axial slices, one a place, best first (``places.one_per_place``).
    series : of the study, for their numbers.
    """
    names = identifiers(series)
    groups: dict[tuple[str, str], list[_Stack]] = {}
    for stack in _stacks(ranked):
        first = stack.slices[0]
        key = (first.frame_of_reference_uid, contrast_of(first.acquisition))
        groups.setdefault(key, []).append(stack)
    for stacks in groups.values():
        winners = dict(_losers(stacks))
        for stack, first_winner in winners.items():
            winner = first_winner
            while winner in winners:  # it lost to a third one afterwards
                winner = winners[winner]
            why = _reason(stack, winner, names)
            yield from (Repeat(item, why, winner.slices) for item in stack.slices)


def _stacks(ranked: Sequence[Slice]) -> Iterator[_Stack]:
    ranks = {id(item): rank for rank, item in enumerate(ranked)}
    by_series: dict[tuple[str, str, str], list[Slice]] = {}
    for item in ranked:
        contrast = contrast_of(item.acquisition)
        key = (item.frame_of_reference_uid, item.series_instance_uid, contrast)
        by_series.setdefault(key, []).append(item)
    for own in by_series.values():
        ordered = sorted(own, key=lambda item: float(item.geometry.center_mm[2]))
        for indices in stacks_of([s.geometry for s in ordered], LARGEST_GAP_MM, evenly_spaced=True):
            for members in _layers([ordered[index] for index in indices]):
                yield _Stack(tuple(members), min(ranks[id(item)] for item in members))


def _layers(stack: Sequence[Slice]) -> list[list[Slice]]:
    """Part parallel slices that were acquired twice, some millimetres apart, in one series.

    Slices that overlap at even distances were reconstructed so, and are one stack.
    """
    normal = cranial(stack[0].geometry.normal)
    places = [float(item.geometry.center_mm @ normal) for item in stack]
    gaps = np.diff(places)
    if len(gaps) == 0 or np.ptp(gaps) <= UNEVEN_SHARE * float(np.mean(gaps)):
        return [list(stack)]
    layers: list[list[int]] = []
    for index, place in enumerate(places):
        limit = _covered_mm(stack[index])
        fitting = (layer for layer in layers if place - places[layer[-1]] > limit)
        layer = next(fitting, None)
        if layer is None:
            layers.append([index])
        else:
            layer.append(index)
    return [[stack[index] for index in layer] for layer in layers]


def _losers(stacks: Sequence[_Stack]) -> Iterator[tuple[_Stack, _Stack]]:
    """Yield (stack that is left out, stack that stands for it)."""
    left = sorted(stacks, key=lambda stack: stack.rank)
    for tall in [stack for stack in left if stack.is_tall]:
        blocks = [s for s in left if not s.is_tall and _share(s, tall) > LEAST_SHARE]
        if not blocks:
            continue
        if _stand_for(blocks, tall):
            left.remove(tall)
            yield tall, blocks[0]
        else:
            left = [stack for stack in left if stack not in blocks]
            yield from ((block, tall) for block in blocks)
    kept: list[_Stack] = []
    for stack in left:
        winner = next((k for k in kept if _share(stack, k) > LEAST_SHARE), None)
        if winner is not None:
            yield stack, winner
            continue
        inside = [k for k in kept if _share(k, stack) > LEAST_SHARE]
        kept = [k for k in kept if k not in inside]
        kept.append(stack)
        yield from ((k, stack) for k in inside)


def _share(stack: _Stack, other: _Stack) -> float:
    """Return the share of the slices of ``stack`` that lie within slices of ``other``."""
    normal = cranial(other.slices[0].geometry.normal)
    places = np.array([float(item.geometry.center_mm @ normal) for item in other.slices])
    covered = 0
    for item in stack.slices:
        apart = np.abs(places - float(item.geometry.center_mm @ normal))
        covered += bool(apart.min() <= _covered_mm(item))
    return covered / len(stack.slices)


def _covered_mm(item: Slice) -> float:
    return COVERED_SHARE * thickness_mm(item)


def _stand_for(blocks: Sequence[_Stack], tall: _Stack) -> bool:
    normal = tall.slices[0].geometry.normal
    middles = [
        float(np.mean([item.geometry.center_mm @ normal for item in block.slices]))
        for block in blocks
    ]
    apart_mm = max(middles) - min(middles)
    several = apart_mm > DISC_DISTANCE_MM / 2
    return several and apart_mm + DISC_DISTANCE_MM >= LEAST_SHARE * tall.height_mm


def _reason(stack: _Stack, winner: _Stack, names: Mapping[str, str]) -> str:
    lost, kept = (one.slices[0].series_instance_uid for one in (stack, winner))
    what = "a second stack through the same discs"
    if lost == kept:
        first, last = (winner.slices[end].source_file for end in (0, -1))
        return f"{what}: others of this series were chosen, such as {first} to {last}"
    other = f"the series of {winner.slices[0].source_file}"
    if names[kept] != kept:
        other = f"series {names[kept]}"
    return f"{what}: {other} was chosen; to grade this one give --series {names[lost]}"
