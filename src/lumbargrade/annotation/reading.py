"""A reading as it was given: never changed, only superseded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lumbargrade.errors import ReadingError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import output_name
from lumbargrade.readings.occasion import Arm

PLAIN, ASSISTED = Arm.PLAIN.value, Arm.ASSISTED.value
"""Arms: without the model's proposal, and with it."""


class Item(NamedTuple):
    """What is graded: one system of one image, on one side where the system has sides.

    ``image`` is the SOP Instance UID, or the name that a table gives the image; ``side`` is empty
    for a system without sides.
    """

    patient: str
    image: str
    frame: int
    system: str
    side_name: str

    @property
    def side(self) -> Side | None:
        """The side; None for a system without sides."""
        return Side(self.side_name) if self.side_name else None

    @property
    def output(self) -> str:
        """The name of what is graded, such as ``LNRC_left``."""
        return output_name(self.system, self.side)


@dataclass(frozen=True)
class GivenGrade:
    """One reading as it was given.

    Attributes
    ----------
    id : of the reading, among all of its history.
    image : SOP Instance UID, or the name that a table gives the image.
    frame : number of the frame in a multi-frame file, from 1.
    round : 1, or 2 where the reader reads the image again.
    side : None for a system without sides.
    grade : None where none was given: with a ``reason``, the reader said that the image cannot be
        graded; without, an earlier grade was taken back.
    made_at : ISO 8601, UTC; empty where a table does not say.
    supersedes : id of the reading in whose place this one stands.
    arm : "plain", or "assisted" with the model's proposal in sight.

    Raises
    ------
    ValueError
        If a grade comes with a reason why it cannot be given, or a number is impossible.
    """

    id: int
    reader: str
    patient: str
    image: str
    frame: int
    round: int
    system: str
    side: Side | None
    grade: int | None
    reason: str = ""
    made_at: str = ""
    supersedes: int | None = None
    arm: str = PLAIN

    def __post_init__(self) -> None:
        if self.grade is not None and (self.reason or self.grade < 0):
            raise ValueError(f"reading {self.id}: grade {self.grade}, and reason {self.reason!r}")
        if self.frame < 1 or self.round < 1:
            raise ValueError(f"reading {self.id}: frame {self.frame}, round {self.round}")

    @cached_property
    def item(self) -> Item:
        """What was graded."""
        side = "" if self.side is None else self.side.value
        return Item(self.patient, self.image, self.frame, self.system, side)

    @property
    def says_something(self) -> bool:
        """Whether it is a grade, or says that there can be none; else it was taken back."""
        return self.grade is not None or bool(self.reason)

    def __str__(self) -> str:
        again = "" if self.round == 1 else f", round {self.round}"
        return f"reading {self.id} ({self.reader}, {self.image} {self.item.output}{again})"


def current(given: Sequence[GivenGrade]) -> tuple[GivenGrade, ...]:
    """Return the readings that nothing supersedes, in the order in which they were given here.

    Each thing that a reader read has exactly one. A reading that is not among ``given`` may be
    superseded, so that this leaves its own result as it is.

    Raises
    ------
    ReadingError
        If two readings have one id, two supersede the same or one another, one supersedes that of
        another reader or another thing, or a reader gave one thing two readings that do not follow
        each other.
    """
    by_id: dict[int, GivenGrade] = {}
    for one in given:
        if by_id.setdefault(one.id, one) is not one:
            raise ReadingError(f"{one}: its id is that of {by_id[one.id]} too: number each anew")
    after: dict[int, GivenGrade] = {}
    for one in given:
        _check_link(one, by_id, after)
    latest = tuple(one for one in given if one.id not in after)
    _check_reached(latest, by_id)
    _check_one_each(latest)
    return latest


def _check_link(
    one: GivenGrade, by_id: dict[int, GivenGrade], after: dict[int, GivenGrade]
) -> None:
    if one.supersedes is None:
        return
    before = by_id.get(one.supersedes)
    if before is not None and _thread(before) != _thread(one):
        raise ReadingError(f"{one}: supersedes {before}, which is of another reader or image")
    first = after.setdefault(one.supersedes, one)
    if first is not one:
        raise ReadingError(
            f"{one}: supersedes reading {one.supersedes}, which {first} supersedes already: "
            "supersede the latest"
        )


def _check_reached(latest: Sequence[GivenGrade], by_id: dict[int, GivenGrade]) -> None:
    """Whatever no latest reading leads back to stands in a circle."""
    reached: set[int] = set()
    for one in latest:
        step: GivenGrade | None = one
        while step is not None:
            reached.add(step.id)
            step = None if step.supersedes is None else by_id.get(step.supersedes)
    lost = next((one for one in by_id.values() if one.id not in reached), None)
    if lost is not None:
        raise ReadingError(f"{lost}: supersedes itself, by way of others: its history is broken")


def _check_one_each(latest: Sequence[GivenGrade]) -> None:
    first: dict[tuple[str, int, Item], GivenGrade] = {}
    for one in latest:
        other = first.setdefault(_thread(one), one)
        if other is not one:
            raise ReadingError(f"{one}: does not supersede {other}, which is of the same image")


def _thread(one: GivenGrade) -> tuple[str, int, Item]:
    """What all readings have in common of which each supersedes the one before."""
    return one.reader, one.round, one.item
