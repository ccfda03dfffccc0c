"""A long table of readings: one row for what one reader gave one image in one system.

Columns ``reader, patient, image, system, grade``, in any order, and ``side`` (left,
right) for a system that is graded on both. A grade that is empty, ``NA``, ``NaN`` or -1 is
a reading that is missing; so is a row that is not there. ``2.0`` is 2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lumbargrade.errors import EvaluationError
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix

COLUMNS = ("reader", "patient", "image", "system", "grade")
_NAMES = ("reader", "patient", "image")
NO_GRADE = frozenset({"", "na", "nan", "-1"})
_WHOLE = re.compile(r"(-?\d+)\.0*")
"""A whole number as a column with gaps is written."""
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


def read_matrices(path: Path) -> tuple[dict[str, ReadingsMatrix], list[str]]:
    """Return the matrix of each grading system, in the systems' order, and what was left out.

    A system of which no image was graded by two readers has no matrix, but a sentence. Raises
    EvaluationError if the file cannot be read, lacks a column, or a row is impossible or
    contradicts another; or if no two readers read one image of any system. The message names the
    first line that is wrong and how many there are.
    """
    by_system: dict[str, list[Reading]] = {}
    for one in read_readings(path):
        by_system.setdefault(one.system, []).append(one)
    matrices: dict[str, ReadingsMatrix] = {}
    alone: list[str] = []
    for system in (code for code in GRADING_SYSTEMS if code in by_system):
        matrix = _matrix(system, by_system[system])
        if matrix is None:
            alone.append(f"{system}: no image was graded by two readers, so it is excluded.")
        else:
            matrices[system] = matrix
    if not matrices:
        raise EvaluationError(
            f"{path}: no image was graded in {' or '.join(by_system)} by two readers: give the "
            "grades of two or more, with the same image names"
        )
    return matrices, alone


def read_readings(path: Path, columns: Sequence[str] = COLUMNS) -> list[Reading]:
    """Return the rows of the table.

    ``columns`` must be there and filled in; the cells of others may be empty. Raises
    EvaluationError if the file cannot be read, has no row, lacks a column, or a row is impossible
    or contradicts another.
    """
    faults: list[str] = []
    readings = [
        found
        for line, row in table_rows(path, columns, EvaluationError)
        if (found := _reading(line, row, columns, faults)) is not None
    ]
    if "image" in columns:
        faults += _contradictions(readings)
    if faults:
        more = f" ({len(faults) - 1} more lines are wrong)" if len(faults) > 1 else ""
        raise EvaluationError(f"{path}: {faults[0]}{more}")
    if not readings:
        raise EvaluationError(f"{path}: holds no reading: give one row per grade")
    return readings


def _reading(
    line: int, row: Mapping[str, str], columns: Sequence[str], faults: list[str]
) -> Reading | None:
    """Return the row as a reading; on a fault, note it and return None."""
    system, side, given = row["system"].upper(), row.get("side", "").lower(), _grade(row["grade"])
    empty = [name for name in columns if name in _NAMES and not row[name]]
    fault = f"{empty[0]} is empty: fill it in" if empty else _fault(row, system, side, given)
    if fault:
        faults.append(f"line {line}: {fault}")
        return None
    grade = MISSING if given in NO_GRADE else int(given)
    reader, patient, image = (composed(row.get(name, "")) for name in _NAMES)
    return Reading(line, reader, patient, image, system, side, grade)


def composed(name: str) -> str:
    """Return a name in composed letters: elsewhere it may have combining accents."""
    return unicodedata.normalize("NFC", name)


def _grade(text: str) -> str:
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text.lower()


def _fault(row: Mapping[str, str], code: str, side: str, given: str) -> str:
    """Say what is wrong with one row by itself; nothing if nothing is."""
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
            faults.append(f"{where} belongs to patient {one.patient} here and to {patient} above")
        key = (one.reader, one.image, one.system, one.side)
        if lines.setdefault(key, one.line) != one.line:
            faults.append(
                f"{where}: {one.reader} gave {one.system} in line {lines[key]} already: keep one, "
                "or name the second reading as another reader"
            )
        if sided.setdefault((one.image, one.system), bool(one.side)) != bool(one.side):
            faults.append(f"{where}: {one.system} has a side in one row and none in another")
    return faults


def _matrix(system: str, readings: Sequence[Reading]) -> ReadingsMatrix | None:
    """Return the matrix; None where no image was graded twice."""
    readers = list(dict.fromkeys(one.reader for one in readings))
    patients = {(one.image, one.side): one.patient for one in readings}
    units = {unit: place for place, unit in enumerate(patients)}
    ratings = np.full((len(units), len(readers)), MISSING, dtype=np.int64)
    for one in readings:
        ratings[units[one.image, one.side], readers.index(one.reader)] = one.grade
    if not ((ratings != MISSING).sum(1) > 1).any():
        return None
    names = np.array(list(patients.values()), dtype=np.str_)
    return ReadingsMatrix(tuple(readers), ratings, names, len(GRADING_SYSTEMS[system].grades))
