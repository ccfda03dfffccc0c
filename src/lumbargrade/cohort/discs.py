"""The reference grades of a cohort's discs, out of the files in its folder ``discs``.

They are traced discs (``*.json``), which may have grades, and the table ``grades.csv`` that
``cohort import`` writes: one reference grade a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lumbargrade.errors import CohortError, OutlineError
from lumbargrade.files.table import write_rows
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import SAGITTAL_SYSTEMS, written_grade
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, Reading, read_readings
from lumbargrade.readings.slice_key import SliceKey
from lumbargrade.spine.tracing import read_disc_tracings

FOLDER = "discs"
"""Of a cohort: one file of traced discs a patient, and the table of grades."""

GRADES = "grades.csv"
"""In this folder: the grades that ``cohort import`` brought."""

GradesOfDiscs = Mapping[str, Mapping[str, int]]
"""Of one patient: name of the disc -> code of a sagittal grading system -> value."""

Settle = Callable[[str, Mapping[str, Mapping[str, int | None]]], Mapping[str, int | None]]
"""What is graded, and system -> reader -> grade: system -> the reference, None where unknown."""

_Found = Iterator[tuple[str, str, str, int]]
"""Patient, disc, system and grade."""


@dataclass
class DiscTable:
    """The grades of discs that a table gives, while they are brought to a cohort's patients."""

    rows: Sequence[Reading]
    patients: dict[str, str] = field(default_factory=dict)

    def of(self, fits: Callable[[SliceKey], bool]) -> set[str]:
        """Return the place of each row whose key ``fits`` a patient."""
        return {one.where for one in self.rows if fits(one.key)}

    def take(self, places: Iterable[str], patient: str) -> None:
        """Bring rows to a patient of the cohort; what is brought to none is not written."""
        for where in places:
            self.patients.setdefault(where, patient)

    def write(self, cohort: Path, settle: Settle) -> dict[str, int]:
        """Write what ``settle`` makes the reference; return system -> how many grades it has.

        Raises OSError if the file cannot be written.
        """
        given: dict[tuple[str, str], dict[str, dict[str, int | None]]] = {}
        for one in self.rows:
            if one.where not in self.patients:
                continue
            place = self.patients[one.where], str(one.level)
            given.setdefault(place, {}).setdefault(one.system, {})[one.reader] = one.grade
        counts: dict[str, int] = {}
        settled = []
        for (patient, level), readings in sorted(given.items()):
            for system, grade in settle(f"{level} of {patient}", readings).items():
                if grade is not None:
                    counts[system] = counts.get(system, 0) + 1
                    settled.append((patient, level, system, written_grade(system, grade)))
        if settled:
            (cohort / FOLDER).mkdir(exist_ok=True)
            write_rows(cohort / FOLDER / GRADES, ("patient", "level", "system", "grade"), settled)
        return counts


def note_disc_contradictions(rows: Sequence[Reading], faults: Faults) -> None:
    """Put into ``faults`` a disc to which one reader gave two grades."""
    first: dict[tuple[str, str, str, Level | None], Reading] = {}
    for one in rows:
        before = first.setdefault((one.reader, one.system, one.key.patient, one.level), one)
        if before.grade != one.grade:
            faults.add(
                one.where,
                f"{one.system} {_said(one)} for {one.level} of {one.key.patient} contradicts "
                f"{before.where}, {_said(before)}",
            )


def read_disc_grades(folder: Path) -> Mapping[str, GradesOfDiscs]:
    """Return the disc grades of each patient of a cohort who has some.

    A disc is graded once, whatever the number of slices on which it was traced. Raises CohortError
    if a file cannot be read, or grades one disc of a patient twice and not alike.
    """
    found: dict[str, dict[str, dict[str, int]]] = {}
    sources = [(path, _traced) for path in sorted((folder / FOLDER).glob("*.json"))]
    sources += [(path, _tabled) for path in (folder / FOLDER).glob(GRADES)]
    for path, read in sources:
        for patient, disc, system, grade in read(path):
            grades = found.setdefault(patient, {}).setdefault(disc, {})
            if grades.setdefault(system, grade) != grade:
                raise CohortError(
                    f"{path}: disc {disc} of patient {patient} has two grades of {system}: "
                    "correct one of them"
                )
    return found


def _traced(path: Path) -> _Found:
    try:
        tracings = read_disc_tracings(path)
    except OutlineError as error:
        raise CohortError(str(error)) from None
    for one in tracings:
        for disc, grades in one.grades.items():
            for system, grade in grades.items():
                yield one.patient, disc, system, grade


def _tabled(path: Path) -> _Found:
    faults = Faults()
    rows = read_readings(path, Asked(patient=True), faults, CohortError)
    faults.check(CohortError)
    for one in rows:
        if one.grade is not None and one.system in SAGITTAL_SYSTEMS:
            yield one.key.patient, str(one.level), one.system, one.grade


def _said(one: Reading) -> str:
    return "nothing" if one.grade is None else written_grade(one.system, one.grade)
