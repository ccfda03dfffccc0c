"""All readings of one grading system: images by reader, arm and round, with the seconds taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.readings.occasion import Arm
from lumbargrade.readings.read import Reading
from lumbargrade.statistics.agreement.many_raters import MISSING

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Slot:
    """Whose readings: of which reader, in which arm and round."""

    reader: str
    arm: Arm = Arm.PLAIN
    round: int = 1


@dataclass(frozen=True)
class StudyTable:
    """The readings of one grading system.

    Attributes
    ----------
    grades : q, how many grades the system has.
    patients : (n,) name of each image's patient; an image is a side of it where sides are graded.
    columns : slot -> (n,) grades, ``MISSING`` where none was given.
    """

    system: str
    grades: int
    patients: NDArray[np.str_]
    columns: Mapping[Slot, Integers]

    def column(self, slot: Slot) -> Integers:
        """Return the grades (n,) of a slot; all missing where there is none."""
        return self.columns.get(slot, np.full(len(self.patients), MISSING, dtype=np.int64))

    def first(self, reader: str, arm: Arm = Arm.PLAIN) -> Integers:
        """Return a reader's first readings (n,) in an arm, of whatever round.

        Where each image is read in both arms, one of the two is a later round.
        """
        found = self.column(Slot(reader, arm))
        for slot in sorted(self.columns, key=lambda one: one.round):
            if (slot.reader, slot.arm) == (reader, arm):
                found = np.where(found == MISSING, self.columns[slot], found)
        return found

    def matrix(self, readers: Sequence[str], arm: Arm = Arm.PLAIN) -> Integers:
        """Return the first readings (n, r) of some readers in an arm."""
        none = np.empty((len(self.patients), 0), dtype=np.int64)
        return np.column_stack([none, *(self.first(one, arm) for one in readers)])


@dataclass(frozen=True)
class Times:
    """Seconds of each first reading that has them, of all systems together.

    ``seconds`` (m,) are above 0; ``patients``, ``readers`` and ``arms`` say whose each is.
    """

    seconds: Floats
    patients: NDArray[np.str_]
    readers: NDArray[np.str_]
    arms: NDArray[np.str_]


def table_of(system: str, grades: int, readings: Sequence[Reading]) -> StudyTable:
    """Return the table of the readings of one system, each given once."""
    patients = {(one.image, one.side): one.key.patient for one in readings}
    place = {unit: number for number, unit in enumerate(patients)}
    columns: dict[Slot, Integers] = {}
    for one in readings:
        slot = slot_of(one)
        column = columns.setdefault(slot, np.full(len(place), MISSING, dtype=np.int64))
        column[place[one.image, one.side]] = MISSING if one.grade is None else one.grade
    return StudyTable(system, grades, np.array(list(patients.values()), dtype=np.str_), columns)


def times_of(readings: Sequence[Reading]) -> Times:
    """Return the seconds of the readings that have them; 0 is no measurement.

    Of a patient whom a reader read twice in an arm, the first time counts.
    """
    timed = [one for one in readings if one.occasion.seconds]
    first: dict[tuple[str, str, Arm], int] = {}
    for one in timed:
        key = (one.reader, one.key.patient, one.occasion.arm)
        first[key] = min(first.get(key, one.occasion.round), one.occasion.round)
    timed = [
        one
        for one in timed
        if first[one.reader, one.key.patient, one.occasion.arm] == one.occasion.round
    ]
    return Times(
        np.array([one.occasion.seconds for one in timed], dtype=np.float64),
        np.array([one.key.patient for one in timed], dtype=np.str_),
        np.array([one.reader for one in timed], dtype=np.str_),
        np.array([one.occasion.arm.value for one in timed], dtype=np.str_),
    )


def slot_of(one: Reading) -> Slot:
    """Return whose reading it is."""
    return Slot(one.reader, one.occasion.arm, one.occasion.round)
