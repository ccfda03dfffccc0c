"""From the discs of several sagittal slices to those of the spine, counted from the sacrum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.sagittal.discs import SpineDisc

SAME_DISC_MM = 12.0
"""Of two slices, discs so near in the sagittal plane are one: half of what parts neighbours."""
LEAST_SHARE = 0.4
"""A disc counts that so many of the slices show."""
SURE_SACRUM, RIVAL_SACRUM = 0.5, 0.25
"""Mean chance from which a disc lies on the sacrum, and from which another may."""
FAINT_SACRUM = 0.6
"""Below this the sacrum is in doubt: so are 2 % of 388 real slices where it is right, and most
simulated ones with a sacralised L5."""
LEAST_DEPTH = 0.8
"""A disc on the sacrum with less than this share of the depth of the two above it is a
rudimentary one: so are 4 of 398 real slices, and in 3 of these the names are one off."""
GAP_RATIO = 1.6
"""Discs that are so many times farther apart than the others have one between them."""
FEWEST = 3
STRAY_MM = 60.0
"""A disc without another so near is none of the spine's: neighbours lie at most 46 mm apart."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A disc on one slice, or on all together: corners (4, 3) in patient coordinates, and chances
    0 to 1.
    """

    corners_mm: NDArray[np.float64]
    confidence: float
    on_sacrum: float

    @property
    def middle_mm(self) -> NDArray[np.float64]:
        """(3,)"""
        return np.asarray(self.corners_mm.mean(axis=0), dtype=np.float64)


@dataclass(frozen=True)
class Merged:
    """Discs, caudal to cranial, and what makes their names doubtful."""

    discs: tuple[SpineDisc, ...]
    doubts: tuple[str, ...] = ()


def merged(slices: Sequence[Sequence[Seen]]) -> Merged:
    """Return the discs that the slices show together.

    Without the sacrum in view they have no count; discs below the one on the sacrum are the
    sacrum's own and are left out.
    """
    discs = sorted(_without_strays(_together(slices)), key=lambda one: float(one.middle_mm[2]))
    if not discs:
        return Merged(())
    lowest, doubts = _on_sacrum(discs)
    if lowest is None:
        return Merged(
            tuple(SpineDisc(one.corners_mm, None, one.confidence) for one in discs), doubts
        )
    lumbar = discs[lowest:]
    doubts = doubts or tuple(_transitional(lumbar, below=lowest > 0))
    counts, gaps = _counts(lumbar)
    few = (
        (f"the sagittal series shows {len(lumbar)} discs only: level names are less sure",)
        if len(lumbar) < FEWEST
        else ()
    )
    found = [
        SpineDisc(one.corners_mm, count, one.confidence)
        for one, count in zip(lumbar, counts, strict=True)
    ]
    return Merged(tuple(found), (*doubts, *gaps, *few))


def _together(slices: Sequence[Sequence[Seen]]) -> list[Seen]:
    """Join what different slices show of one disc."""
    groups: list[dict[int, Seen]] = []
    everyone = [(number, one) for number, own in enumerate(slices) for one in own]
    for number, one in sorted(everyone, key=lambda pair: -pair[1].confidence):
        near = [group for group in groups if _apart(group, one) < SAME_DISC_MM]
        if not near:
            groups.append({number: one})
        else:
            min(near, key=lambda group: _apart(group, one)).setdefault(number, one)
    least = max(1, round(LEAST_SHARE * len(slices)))
    return [_joined(list(group.values()), len(slices)) for group in groups if len(group) >= least]


def _without_strays(discs: Sequence[Seen]) -> list[Seen]:
    """Leave out what lies far from all others; of a single disc nothing can be said."""
    if len(discs) < 2:
        return list(discs)
    places = np.array([one.middle_mm for one in discs])
    apart = np.linalg.norm(places[:, np.newaxis] - places, axis=2)
    np.fill_diagonal(apart, np.inf)
    return [one for one, near in zip(discs, apart.min(axis=1), strict=True) if near <= STRAY_MM]


def _apart(group: dict[int, Seen], one: Seen) -> float:
    """Distance in the sagittal plane."""
    middle = np.median([seen.middle_mm[1:] for seen in group.values()], axis=0)
    return float(np.linalg.norm(middle - one.middle_mm[1:]))


def _joined(own: Sequence[Seen], slices: int) -> Seen:
    return Seen(
        np.median([one.corners_mm for one in own], axis=0),
        sum(one.confidence for one in own) / slices,
        sum(one.on_sacrum for one in own) / len(own),
    )


def _on_sacrum(discs: Sequence[Seen]) -> tuple[int | None, tuple[str, ...]]:
    """Return which disc lies on the sacrum, and the doubt about it."""
    chances = [one.on_sacrum for one in discs]
    best = int(np.argmax(chances))
    rivals = [n for n, chance in enumerate(chances) if n != best and chance >= RIVAL_SACRUM]
    if chances[best] < SURE_SACRUM:
        why = "the sacrum is not in view of the sagittal series, or not recognised"
        return None, (f"{why}: discs cannot be counted from it",)
    if not rivals:
        return best, ()
    where = "higher" if rivals[0] < best else "lower"
    return best, (
        "which disc lies on the sacrum is in doubt on the sagittal series (a transitional "
        f"vertebra?): all level names may be one {where}",
    )


def _transitional(lumbar: Sequence[Seen], below: bool) -> Iterator[str]:
    """Yield the sign of a transitional vertebra, if there is one; ``below``: a disc is seen below
    the one on the sacrum.
    """
    depths = [_depth_mm(one) for one in lumbar[:FEWEST]]
    if len(depths) == FEWEST and depths[0] < LEAST_DEPTH * float(np.mean(depths[1:])):
        why = "is much shorter than those above it"
    elif below:
        why = "has another disc below it"
    elif lumbar[0].on_sacrum < FAINT_SACRUM:
        why = "is not clearly on the sacrum"
    else:
        return
    yield (
        f"the disc taken for L5/S1 on the sagittal series {why}: a transitional vertebra is "
        "possible (sacralised L5, lumbarised S1), so all level names are in doubt by one"
    )


def _depth_mm(disc: Seen) -> float:
    front, back = disc.corners_mm[[0, 3]].mean(axis=0), disc.corners_mm[[1, 2]].mean(axis=0)
    return float(np.linalg.norm(back - front))


def _counts(discs: Sequence[Seen]) -> tuple[list[int], tuple[str, ...]]:
    """Return how many discs lie between each and the sacrum; one that was not seen counts."""
    middles = [one.middle_mm for one in discs]
    steps = [float(np.linalg.norm(upper - lower)) for lower, upper in pairwise(middles)]
    usual = float(np.median(steps)) if steps else 0.0
    counts, gap = [0], False
    for step in steps:
        missed = step > GAP_RATIO * usual
        gap = gap or missed
        counts.append(counts[-1] + (round(step / usual) if missed else 1))
    if not gap:
        return counts, ()
    why = "a disc is not recognised on the sagittal series: it was counted by the distance"
    return counts, (f"{why} of its neighbours, so names above it are less sure",)
