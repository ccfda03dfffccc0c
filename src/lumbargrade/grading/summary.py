"""From slices to levels and to the patient: the worst grade that is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from lumbargrade.grading.finding import Finding, Side, StudyGrades

LevelKey = tuple[int | None, str, Side | None]
"""(disc block from the lowest = 0 upward, system code, side; side None = both)."""

PatientKey = tuple[str, Side | None]
"""(system code, side; side None = both)."""

Key = TypeVar("Key")


def worst(grades: Iterable[int | None]) -> int | None:
    """Return the highest grade that is known; None if none is.

    Examples
    --------
    >>> worst([0, None, 2])
    2
    """
    return max((grade for grade in grades if grade is not None), default=None)


def level_grades(study: StudyGrades) -> dict[LevelKey, int | None]:
    """Return the worst known grade of each level, system and side.

    Levels are told apart by their block, which is known where the name is not;
    slices of unknown block are summarised together under None.
    """
    return _worst_by_key(
        ((one.level.block, found.system, found.side), found)
        for one in study.slices
        for found in one.findings
    )


def patient_grades(study: StudyGrades) -> dict[PatientKey, int | None]:
    """Return the worst known grade of each system and side over the whole study."""
    return _worst_by_key(
        ((found.system, found.side), found) for one in study.slices for found in one.findings
    )


def _worst_by_key(pairs: Iterable[tuple[Key, Finding]]) -> dict[Key, int | None]:
    """Keys come in the order in which they are first met."""
    grades: dict[Key, int | None] = {}
    for key, found in pairs:
        grades[key] = worst((grades.get(key), found.grade))
    return grades


def worst_by_patient(grades: Iterable[tuple[str, int | None]]) -> dict[str, int | None]:
    """Return the worst known grade of each patient named; None where none is known.

    Examples
    --------
    >>> worst_by_patient([("Ann", None), ("Bob", None), ("Ann", 2)])
    {'Ann': 2, 'Bob': None}
    """
    found: dict[str, int | None] = {}
    for patient, grade in grades:
        found[patient] = worst((found.get(patient), grade))
    return found
