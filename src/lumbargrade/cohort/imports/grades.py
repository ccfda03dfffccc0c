"""Grades out of a CSV: one grade a row, or one slice a row with a column for each output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.cohort.imports.faults import Faults
from lumbargrade.cohort.imports.keys import SliceKey, read_key, read_level
from lumbargrade.errors import CohortError
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import GRADING_SYSTEMS, KNOWN_SYSTEMS, GradingSystem, output_name

NO_GRADE = frozenset({"", "na", "nan", "-1"})
"""What stands for a grade that is not known; it is never grade 0."""

_OUTPUTS = {
    output_name(system.code, side): (system, side)
    for system in KNOWN_SYSTEMS.values()
    for side in system.sides
}
_SIDES = {"left": Side.LEFT, "l": Side.LEFT, "right": Side.RIGHT, "r": Side.RIGHT}


@dataclass(frozen=True)
class GradeRow:
    """One grade (None: not known) and the slice, or the patient's level, that it is of."""

    where: str
    key: SliceKey
    level: Level | None
    output: str
    grade: int | None


def read_grades(path: Path, faults: Faults) -> list[GradeRow]:
    """Read a table of grades; what is wrong with single rows goes into ``faults``.

    Raises CohortError if the file cannot be read, or has neither ``system`` and ``grade`` nor a
    column that is named as an output, such as ``LDH`` or ``LNRC_left``.
    """
    found: list[GradeRow] = []
    for line, row in table_rows(path, (), CohortError):
        wide = {name: row[name.lower()] for name in _OUTPUTS if name.lower() in row}
        if not wide and not {"system", "grade"} <= row.keys():
            raise CohortError(
                f"{path}: no columns system and grade: the first line must name them, or outputs "
                "such as LDH, LCCS, LNRC_left, LNRC_right"
            )
        found += _row(f"{path.name} row {line}", row, wide, faults)
    return found


def _row(
    where: str, row: Mapping[str, str], wide: Mapping[str, str], faults: Faults
) -> Iterator[GradeRow]:
    key, key_fault = read_key(row)
    level, level_fault = read_level(row.get("level", ""))
    if not key_fault and not key.names_slice and not (key.patient and row.get("level")):
        key_fault = (
            "names no slice: fill in sop, or file, or series and slice, or patient and level"
        )
    for fault in filter(None, (key_fault, level_fault)):
        faults.add(where, fault)
    given = list(wide.items()) if wide else _long(where, row, faults)
    for output, text in given:
        system, _ = _OUTPUTS[output]
        grade, fault = _grade(system, text)
        if fault:
            faults.add(where, fault)
        elif not key_fault and not level_fault:
            yield GradeRow(where, key, level, output, grade)


def _long(where: str, row: Mapping[str, str], faults: Faults) -> list[tuple[str, str]]:
    """Return (output, text of the grade) of a row with ``system``, ``side`` and ``grade``."""
    if not row["system"]:
        if row["grade"]:
            faults.add(where, "has a grade but no system: fill in system")
        return []  # a slice with a box and no grade
    system = KNOWN_SYSTEMS.get(row["system"].upper())
    if system is None:
        faults.add(where, f"system {row['system']!r} is unknown: use {', '.join(GRADING_SYSTEMS)}")
        return []
    named = row.get("side", "").lower()
    side = _SIDES.get(named)
    if (named and side is None) or (system.per_side and side is None):
        faults.add(where, f"side {named!r} of {system.code} is unknown: use left or right")
        return []
    if side is not None and not system.per_side:
        faults.add(where, f"side {named!r}: {system.code} has no sides; leave it empty")
        return []
    return [(output_name(system.code, side), row["grade"])]


def _grade(system: GradingSystem, text: str) -> tuple[int | None, str]:
    if text.lower() in NO_GRADE:
        return None, ""
    if text not in {str(grade.value) for grade in system.grades}:
        last = system.grades[-1].value
        return None, f"{system.code} grade {text!r} is unknown: grades go from 0 to {last}"
    return int(text), ""
