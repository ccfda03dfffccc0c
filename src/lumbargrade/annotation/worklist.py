"""Each reader's own list of studies: another random order, some studies twice, an arm by chance.

The order follows from the seed and the names (``annotation.draw``), whatever the order in which the
studies are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.annotation.draw import drawn_number, shuffled
from lumbargrade.errors import ReadingError

MOST_REPEATED = 0.5
"""Only what comes in the first half of a list can come again half a list later."""


@dataclass(frozen=True)
class Assignment:
    """One study to be read: in which round, and whether with the model's proposal."""

    patient: str
    round: int = 1
    assisted: bool = False


@dataclass(frozen=True)
class ListOptions:
    """How the lists of one reading are drawn.

    Attributes
    ----------
    seed : the same for all readers.
    repeat_share : of the studies, how many come again, to measure a reader against themselves.
    assisted_share : of the studies, how many each reader reads with the model's proposal.
    turn : the reader's place among the readers, from 0. It shifts the assisted studies: see
        :func:`assisted_studies`.

    Raises
    ------
    ReadingError
        If a share is not one that can be had.
    """

    seed: int = 0
    repeat_share: float = 0.0
    assisted_share: float = 0.0
    turn: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.repeat_share <= MOST_REPEATED:
            raise ReadingError(
                f"a share of {self.repeat_share} repeats cannot be had: choose 0 to {MOST_REPEATED}"
            )
        if not 0 <= self.assisted_share <= 1:
            raise ReadingError(
                f"a share of {self.assisted_share} assisted studies cannot be had: choose 0 to 1"
            )
        if self.turn < 0:
            raise ReadingError(f"a reader's turn is 0, 1, 2, ..., not {self.turn}")


def work_list(patients: Sequence[str], reader: str, options: ListOptions) -> tuple[Assignment, ...]:
    """Return the studies in the order in which one reader reads them.

    Each comes once in round 1. Those that come again do so in round 2, at random places among the
    others, each at least half of the studies after its first time, and in the same arm, so that
    two readings differ in nothing but the time. Raises ReadingError if a study is named twice.
    """
    if len(set(patients)) < len(patients):
        twice = next(one for one in patients if list(patients).count(one) > 1)
        raise ReadingError(f"study {twice} is in the list twice: name each once")
    assisted = assisted_studies(patients, options)
    order = shuffled(patients, "order", options.seed, reader)
    repeated = repeated_studies(patients, reader, options)
    gaps: dict[int, list[str]] = {}
    for one in repeated:
        earliest = order.index(one) + _half(len(order))
        places = range(earliest, len(order) + 1)
        place = places[drawn_number("place", options.seed, reader, one) % len(places)]
        gaps.setdefault(place, []).append(one)
    found: list[Assignment] = []
    for place in range(len(order) + 1):
        found += [Assignment(one, 2, one in assisted) for one in gaps.get(place, ())]
        if place < len(order):
            found.append(Assignment(order[place], 1, order[place] in assisted))
    return tuple(found)


def repeated_studies(patients: Sequence[str], reader: str, options: ListOptions) -> tuple[str, ...]:
    """Return the studies that a reader reads twice, in the order of the second time's draw."""
    order = shuffled(patients, "order", options.seed, reader)
    count = min(round(options.repeat_share * len(order)), len(order) - _half(len(order)) + 1)
    early = order[: len(order) - _half(len(order)) + 1]
    return tuple(shuffled(early, "again", options.seed, reader)[:count])


def assisted_studies(patients: Sequence[str], options: ListOptions) -> frozenset[str]:
    """Return the studies that a reader reads with the model's proposal.

    The design is crossed. All readers share one random order of the studies, laid in a circle;
    the reader of turn 0 is assisted on the first share of it, that of turn 1 on the share behind,
    and so on. With a share of a half, A is assisted on one half and B on the other: each study is
    read with and without the model, so that easy and hard studies cannot make a difference between
    the arms, and each reader reads in both, so that neither can a reader. Were the same studies
    assisted for everybody, what the model does and what the studies are could not be told apart.
    """
    order = shuffled(patients, "arm", options.seed)
    count = round(options.assisted_share * len(order))
    first = options.turn * count
    return frozenset(order[(first + step) % len(order)] for step in range(count))


def _half(count: int) -> int:
    return (count + 1) // 2
