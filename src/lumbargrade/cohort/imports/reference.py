"""Of several readers' grades, which is the reference: stated, never the first that comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lumbargrade.errors import CohortError
from lumbargrade.grading.system import written_grade
from lumbargrade.readings.faults import listed
from lumbargrade.readings.read import Reading, composed, readers_of

NOBODY_NAMED = frozenset({""})


@dataclass
class ReferenceRule:
    """Settles the grades of a slice.

    A reader who is named gives them. Else a grade without a reader's name is the table's own; of
    several readers, the reference is what two or more gave and nobody contradicts. The others
    are left unknown, and told. ``made_by`` are the readers whose grades became the reference so
    far; where the table does not say whose its own are (``own_by``), the empty name stands for it.
    """

    readers: tuple[str, ...]
    named: str | None = None
    disagreed: list[str] = field(default_factory=list)
    alone: int = 0
    made_by: set[str] = field(default_factory=set)
    own_by: frozenset[str] = NOBODY_NAMED

    @classmethod
    def of(cls, readings: Sequence[Reading], named: str | None) -> ReferenceRule:
        """Return the rule for a table of readings.

        Raises CohortError if the reader who is named is none of the table's.
        """
        readers = readers_of(readings)
        named = None if named is None else composed(named)
        if named is not None and named not in readers:
            known = f"choose from {', '.join(readers)}" if readers else "its table names none"
            raise CohortError(f"--reader {named}: is no reader of the grades: {known}")
        return cls(tuple(readers), named, own_by=_makers(readings))

    def settle(
        self, file: str, readings: Mapping[str, Mapping[str, int | None]]
    ) -> dict[str, int | None]:
        """Return output -> grade (None: not known) of the slice in ``file``.

        ``readings`` is output -> reader -> grade.
        """
        if self.named is not None:
            self.made_by.add(self.named)
            return {
                output: given[self.named]
                for output, given in readings.items()
                if self.named in given
            }
        return {output: self._agreed(file, output, given) for output, given in readings.items()}

    def _agreed(self, file: str, output: str, given: Mapping[str, int | None]) -> int | None:
        if "" in given or len(self.readers) < 2:
            reader = "" if "" in given else next(iter(given))
            self.made_by |= {reader} if reader else self.own_by
            return given[reader]
        known = {reader: grade for reader, grade in given.items() if grade is not None}
        if len(set(known.values())) > 1:
            code = output.partition("_")[0]
            each = ", ".join(
                f"{reader} {written_grade(code, grade)}" for reader, grade in known.items()
            )
            self.disagreed.append(f"{file}: {output}: readers disagree: {each}")
            return None
        if len(known) < 2:
            self.alone += len(known)
            return None
        self.made_by.update(known)
        return next(iter(known.values()))

    def notes(self) -> list[str]:
        """Return what was not imported, and why."""
        notes = []
        if self.disagreed:
            notes.append(
                f"{len(self.disagreed)} grades are not imported, as the readers disagree (--reader "
                f"NAME takes those of one):\n{listed(self.disagreed)}"
            )
        if self.alone:
            notes.append(
                f"{self.alone} grades are not imported, as only one of {', '.join(self.readers)} "
                "read the slice (--reader NAME takes those of one)"
            )
        return notes


def _makers(readings: Sequence[Reading]) -> frozenset[str]:
    """Return who made the grades that stand without a reader, if the table says it of each."""
    own = [one for one in readings if not one.reader and one.grade is not None]
    if not own or not all(one.reference_by for one in own):
        return NOBODY_NAMED
    return frozenset(name for one in own for name in one.reference_by)
