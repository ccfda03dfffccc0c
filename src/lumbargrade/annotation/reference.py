"""The reference standard: how it follows from the readings, and whence each value has come.

The rule, for each system and side of each image: what two or more readers gave and none contradicts
is the reference; what they differ on, the adjudicator settles. "Cannot be graded" counts as an
answer like a grade. What one of several readers alone has read is no reference; in a study with one
reader it is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lumbargrade.annotation.disagreement import first_readings
from lumbargrade.annotation.reading import GivenGrade, Item
from lumbargrade.errors import ReadingError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import written_grade


class Origin(StrEnum):
    """How a value of the reference standard came about."""

    AGREEMENT = "agreement"
    ADJUDICATOR = "adjudicator"
    OPEN = "open"
    """The readers disagree and nobody has settled it yet."""
    SINGLE = "single"
    """Only one reader has read it."""
    UNREADABLE = "unreadable"
    """All agreed, or the adjudicator said, that it cannot be graded."""


@dataclass(frozen=True)
class ReferenceValue:
    """One value of the reference standard.

    Attributes
    ----------
    grade : None where there is none, which is never grade 0; ``origin`` says why.
    readers : whose readings a settled value rests on; else who read it.
    note : what each said, where they differ; or why it cannot be graded.
    """

    patient: str
    image: str
    frame: int
    system: str
    side: Side | None
    grade: int | None
    origin: Origin
    readers: tuple[str, ...]
    note: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether it is a grade, or it is settled that there can be none."""
        return self.grade is not None or self.origin is Origin.UNREADABLE


def reference_standard(
    given: Sequence[GivenGrade], readers: Sequence[str], adjudicator: str | None = None
) -> tuple[ReferenceValue, ...]:
    """Return a value for each thing that a reader has read, in the order of the readings.

    What the adjudicator says is taken where readers differ, and passed over elsewhere.

    Raises
    ------
    ReadingError
        If the adjudicator is one of the readers, no reader is named, or as ``current``.
    """
    if not readers or len(set(readers)) < len(readers):
        raise ReadingError(f"readers {', '.join(readers) or 'none'}: name each reader once")
    if adjudicator in readers:
        raise ReadingError(
            f"{adjudicator} is a reader and the adjudicator: let somebody settle it who did not "
            "read it before"
        )
    everybody = readers if adjudicator is None else (*readers, adjudicator)
    found = []
    for item, by_name in first_readings(given, everybody).items():
        blind = {name: one for name, one in by_name.items() if name != adjudicator}
        if blind:
            last = None if adjudicator is None else by_name.get(adjudicator)
            found.append(_value(item, blind, last, len(readers) == 1))
    return tuple(found)


def _value(
    item: Item,
    by_reader: Mapping[str, GivenGrade],
    last: GivenGrade | None,
    only_reader: bool,
) -> ReferenceValue:
    names = tuple(by_reader)
    first = next(iter(by_reader.values()))
    if len({one.grade for one in by_reader.values()}) > 1:
        said = said_by_each(by_reader)
        if last is None:
            return _made(item, None, Origin.OPEN, names, said)
        origin = Origin.UNREADABLE if last.grade is None else Origin.ADJUDICATOR
        note = f"{said}; {last.reader}: {last.reason}" if last.reason else said
        return _made(item, last.grade, origin, (last.reader,), note)
    if len(names) == 1 and not only_reader:
        return _made(item, None, Origin.SINGLE, names, said_by_each(by_reader))
    if first.grade is None:
        return _made(item, None, Origin.UNREADABLE, names, said_by_each(by_reader))
    return _made(item, first.grade, Origin.SINGLE if only_reader else Origin.AGREEMENT, names, "")


def said_by_each(by_reader: Mapping[str, GivenGrade]) -> str:
    """Return what each reader said, such as ``"Ann 2, Bob cannot grade (artefact)"``."""
    return ", ".join(
        f"{reader} cannot grade ({one.reason})"
        if one.grade is None
        else f"{reader} {written_grade(one.system, one.grade)}"
        for reader, one in by_reader.items()
    )


def _made(
    item: Item, grade: int | None, origin: Origin, readers: tuple[str, ...], note: str
) -> ReferenceValue:
    return ReferenceValue(
        item.patient, item.image, item.frame, item.system, item.side, grade, origin, readers, note
    )
