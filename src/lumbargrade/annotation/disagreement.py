"""Where readers differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lumbargrade.annotation.reading import GivenGrade, Item, current
from lumbargrade.grading.finding import Side


@dataclass(frozen=True)
class Disagreement:
    """One thing to which readers gave different grades.

    ``grades`` is reader -> grade, None where the reader said that it cannot be graded, of all who
    read it; ``reasons`` is what these said. ``side`` is None for a system without sides.
    """

    patient: str
    image: str
    frame: int
    system: str
    side: Side | None
    grades: Mapping[str, int | None]
    reasons: Mapping[str, str]


def disagreements(given: Sequence[GivenGrade], readers: Sequence[str]) -> tuple[Disagreement, ...]:
    """Return every disagreement of the readers, in the order in which things were first read.

    Only the first round counts. "Cannot be graded" against a grade is a disagreement too; what was
    taken back, or never given, is none. Raises ReadingError as ``current``.
    """
    return tuple(
        Disagreement(
            item.patient,
            item.image,
            item.frame,
            item.system,
            item.side,
            {reader: one.grade for reader, one in by_reader.items()},
            {reader: one.reason for reader, one in by_reader.items() if one.reason},
        )
        for item, by_reader in first_readings(given, readers).items()
        if len({one.grade for one in by_reader.values()}) > 1
    )


def first_readings(
    given: Sequence[GivenGrade], readers: Sequence[str]
) -> dict[Item, dict[str, GivenGrade]]:
    """Return item -> reader -> what stands of the first round; readers in the order given.

    Items are in the order in which somebody first read them. Raises ReadingError as ``current``.
    """
    found: dict[Item, dict[str, GivenGrade]] = {}
    for one in current(given):
        if one.round == 1 and one.reader in readers and one.says_something:
            found.setdefault(one.item, {})[one.reader] = one
    return {
        item: {reader: by_reader[reader] for reader in readers if reader in by_reader}
        for item, by_reader in found.items()
    }
