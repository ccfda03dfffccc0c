"""A long table of readings: one row for what one reader gave one image in one system.

Columns ``reader, patient, image, system, grade``, in any order, and ``side`` (left,
right) for a system that is graded on both. A grade that is empty or ``NA`` is a reading
that is missing; so is a row that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.panel import Panel
from lumbargrade.evaluation.raters import MISSING
from lumbargrade.evaluation.table_rows import table_rows
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import GRADING_SYSTEMS

COLUMNS = ("reader", "patient", "image", "system", "grade")
NO_GRADE = frozenset({"", "na", "nan", "-1"})
SIDES = frozenset({"", *(side.value for side in Side)})


@dataclass(frozen=True)
class Reading:
    """One row: what one reader gave one image (or one side of it) in one system."""

    line: int
    reader: str
    patient: str
    image: str
    system: str
    side: str
    grade: int


def read_panels(path: Path) -> dict[str, Panel]:
    """Return the panel of each grading system in the table, in the systems' order.

    Raises
    ------
    EvaluationError
        If the file cannot be read, lacks a column, or a row is impossible or contradicts
        another; or if no two readers read one image of a system. The message names the
        first line that is wrong and how many there are.
    """
    faults: list[str] = []
    readings = [
        found
        for line, row in table_rows(path, COLUMNS, EvaluationError)
        if (found := _reading(line, row, faults)) is not None
    ]
    faults += _contradictions(readings)
    if faults:
        more = f" ({len(faults) - 1} more lines are wrong)" if len(faults) > 1 else ""
        raise EvaluationError(f"{path}: {faults[0]}{more}")
    if not readings:
        raise EvaluationError(f"{path}: no reading in it: give one row for each grade")
    given = {one.system for one in readings}
    return {
        system: _panel(path, system, [one for one in readings if one.system == system])
        for system in GRADING_SYSTEMS
        if system in given
    }


def _reading(line: int, row: Mapping[str, str], faults: list[str]) -> Reading | None:
    """Return the row as a reading; on a fault, note it and return None."""
    system, side, given = row["system"].upper(), row.get("side", "").lower(), row["grade"].lower()
    fault = _fault(row, system, side, given)
    if fault:
        faults.append(f"line {line}: {fault}")
        return None
    grade = MISSING if given in NO_GRADE else int(given)
    return Reading(line, row["reader"], row["patient"], row["image"], system, side, grade)


def _fault(row: Mapping[str, str], code: str, side: str, given: str) -> str:
    """Say what is wrong with one row by itself; nothing if nothing is."""
    empty = [name for name in ("reader", "patient", "image") if not row[name]]
    if empty:
        return f"{empty[0]} is empty: fill it in"
    if code not in GRADING_SYSTEMS:
        return f"system {row['system']!r} is unknown: use {', '.join(GRADING_SYSTEMS)}"
    system = GRADING_SYSTEMS[code]
    if side not in SIDES or (side and not system.per_side):
        known = "left, right, or nothing" if system.per_side else f"none, as {code} has no sides"
        return f"side {row['side']!r} is unknown: use {known}"
    if given not in NO_GRADE and given not in {str(grade.value) for grade in system.grades}:
        last = system.grades[-1].value
        return f"{code} grade {row['grade']!r} is unknown: grades go from 0 to {last}"
    return ""


def _contradictions(readings: Sequence[Reading]) -> list[str]:
    patients: dict[str, str] = {}
    lines: dict[tuple[str, ...], int] = {}
    sided: dict[tuple[str, str], bool] = {}
    faults = []
    for one in readings:
        where = f"line {one.line}: image {one.image}"
        patient = patients.setdefault(one.image, one.patient)
        if patient != one.patient:
            faults.append(f"{where} is of patient {one.patient} here and of {patient} above")
        key = (one.reader, one.image, one.system, one.side)
        if lines.setdefault(key, one.line) != one.line:
            faults.append(
                f"{where}: {one.reader} gave {one.system} in line {lines[key]} already: keep one, "
                "or name the second reading as another reader"
            )
        if sided.setdefault((one.image, one.system), bool(one.side)) != bool(one.side):
            faults.append(f"{where}: {one.system} has a side in one row and none in another")
    return faults


def _panel(path: Path, system: str, readings: Sequence[Reading]) -> Panel:
    readers = list(dict.fromkeys(one.reader for one in readings))
    units = {
        key: place
        for place, key in enumerate(dict.fromkeys((one.image, one.side) for one in readings))
    }
    ratings = np.full((len(units), len(readers)), MISSING, dtype=np.int64)
    patients = {units[one.image, one.side]: one.patient for one in readings}
    for one in readings:
        ratings[units[one.image, one.side], readers.index(one.reader)] = one.grade
    if not ((ratings != MISSING).sum(1) > 1).any():
        raise EvaluationError(
            f"{path}: no image was graded in {system} by two readers: give the grades of two "
            "or more, with the same image names"
        )
    names = np.array([patients[place] for place in range(len(units))], dtype=np.str_)
    return Panel(tuple(readers), ratings, names, len(GRADING_SYSTEMS[system].grades))
