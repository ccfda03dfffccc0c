"""The reference grades of a cohort's discs, out of its files of traced discs (``discs/*.json``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lumbargrade.errors import CohortError, OutlineError
from lumbargrade.spine.tracing import read_disc_tracings

FOLDER = "discs"
"""Of a cohort: one file of traced discs a patient."""

GradesOfDiscs = Mapping[str, Mapping[str, int]]
"""Of one patient: name of the disc -> code of a sagittal grading system -> value."""


def read_disc_grades(folder: Path) -> Mapping[str, GradesOfDiscs]:
    """Return the disc grades of each patient of a cohort who has some.

    A disc is graded once, whatever the number of slices on which it was traced. Raises CohortError
    if a file cannot be read, or grades one disc of a patient twice and not alike.
    """
    found: dict[str, dict[str, dict[str, int]]] = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        try:
            tracings = read_disc_tracings(path)
        except OutlineError as error:
            raise CohortError(str(error)) from None
        for one in tracings:
            for disc, grades in one.grades.items():
                before = found.setdefault(one.patient, {}).setdefault(disc, {})
                for system, grade in grades.items():
                    if before.setdefault(system, grade) != grade:
                        raise CohortError(
                            f"{path}: disc {disc} of patient {one.patient} has two grades of "
                            f"{system}: correct one of them"
                        )
    return found
