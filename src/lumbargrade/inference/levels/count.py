"""Which name each disc of a sagittal series has: counted from the user's word, the sacrum, or
an assumption."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lumbargrade.grading.level import Level, LevelSource
from lumbargrade.inference.levels.project import follows
from lumbargrade.inference.levels.stack import ABOVE, ASSUMED, ONE_DISC, users_word
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs

_UPWARD = tuple(reversed(Level))


@dataclass(frozen=True)
class DiscNames:
    """The names of discs by their index, with slices or without; one without a name is not there.

    ``lowest`` is the lowest disc that slices show; ``warnings`` are of the study.
    """

    names: Mapping[int, Level]
    source: LevelSource
    lowest: int
    warnings: tuple[str, ...]


def name_discs(
    spine: SpineDiscs, near: Collection[int], shown: Collection[int], lowest: Level | None
) -> DiscNames:
    """Return the names of the discs, counted from the lowest one with slices.

    Parameters
    ----------
    near : indices of the discs that are nearest to some slice; at least one.
    shown : those of them that a slice runs through: the lowest disc is the lowest of these.
    lowest : the user's name of it, which overrules all else.
    """
    first = min(shown or near)
    steps = _steps(spine.discs, first)
    counted = spine.discs[first].above_sacrum
    if lowest is not None:
        said = _users_word(spine, first, lowest)
        return _named(steps, _UPWARD.index(lowest), LevelSource.USER, first, (said,), near)
    if counted is not None:
        return _named(steps, counted, LevelSource.SAGITTAL, first, (), near)
    why = _not_assumed(spine.discs, shown)
    if why:
        return DiscNames({}, LevelSource.UNKNOWN, first, (f"disc levels are unknown: {why}",))
    return _named(steps, 0, LevelSource.STACK, first, (ASSUMED,), near)


def _steps(discs: Sequence[SpineDisc], first: int) -> dict[int, int]:
    """Return how many discs above ``first`` each other is, where no disc may be missing."""
    found: dict[int, int] = {}
    base = discs[first].above_sacrum
    for index, disc in enumerate(discs):
        own = disc.above_sacrum
        if own is not None and base is not None:
            found[index] = own - base
        elif _unbroken(discs, min(index, first), max(index, first)):
            found[index] = index - first
    return found


def _unbroken(discs: Sequence[SpineDisc], low: int, high: int) -> bool:
    return all(follows(*pair) for pair in pairwise(discs[low : high + 1]))


def _named(
    steps: Mapping[int, int],
    start: int,
    source: LevelSource,
    lowest: int,
    warnings: tuple[str, ...],
    near: Collection[int],
) -> DiscNames:
    counts = {index: start + step for index, step in steps.items()}
    names = {index: _UPWARD[n] for index, n in counts.items() if 0 <= n < len(_UPWARD)}
    above = (ABOVE,) if any(counts.get(index, 0) >= len(_UPWARD) for index in near) else ()
    return DiscNames(names, source, lowest, (*warnings, *above))


def _users_word(spine: SpineDiscs, first: int, lowest: Level) -> str:
    disc = spine.discs[first]
    if disc.above_sacrum is None or disc.level is lowest:
        return users_word(lowest)
    other = disc.level or f"a disc above {Level.L1_L2}"
    return (
        f"{users_word(lowest)}, but the sagittal {spine.series} shows that it is {other}: "
        "check which of the two is right"
    )


def _not_assumed(discs: Sequence[SpineDisc], shown: Collection[int]) -> str:
    """Return why the lowest disc with slices cannot be taken for L5/S1; "" if it can."""
    if not shown:
        return "no axial slice runs through a disc that the sagittal series shows"
    if len(shown) == 1:
        return ONE_DISC
    low, high = min(shown), max(shown)
    if len(shown) < high - low + 1 or not _unbroken(discs, low, high):
        return (
            "there is a disc without slices between those with slices, and no sacrum on the "
            "sagittal series from which to count: name the lowest disc (--lowest-level)"
        )
    return ""
