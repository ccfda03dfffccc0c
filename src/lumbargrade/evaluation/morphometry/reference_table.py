"""A table of measures, as ``grade`` writes it and readers fill it in: one row a measure.

Columns ``sop_instance_uid, measure, value``, in any order; ``frame_number`` (1 where it is
empty), ``side`` (left, right) for a measure with sides, and ``unit``, which is checked. Others
are for the reader. A value that is empty, ``NA`` or ``NaN`` is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.morphometry.measurer import Place, unit_of
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.finding import Side

COLUMNS = ("sop_instance_uid", "measure", "value")
NO_VALUE = frozenset({"", "na", "nan"})
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?", re.IGNORECASE)
_WHOLE = re.compile(r"(\d{1,9})(?:\.0*)?")
"""A whole number, also as a column with gaps is written."""
_SIDES: Mapping[str, Side | None] = {"": None, **{side.value: side for side in Side}}


@dataclass(frozen=True)
class Row:
    """One row of the table; ``value`` is None where it is not known."""

    line: int
    place: Place
    value: float | None


def read_reference(path: Path) -> tuple[list[Row], int]:
    """Return the rows of the table, each place once, and how many rows repeated another.

    Raises EvaluationError if the file cannot be read, has no row, lacks a column, or a row is
    impossible or contradicts another. The message names the first line that is wrong and how many
    there are.
    """
    faults: list[str] = []
    read = [
        found
        for line, row in table_rows(path, COLUMNS, EvaluationError)
        if (found := _row(line, row, faults)) is not None
    ]
    rows: dict[Place, Row] = {}
    for one in read:
        first = rows.setdefault(one.place, one)
        if first.value != one.value:
            faults.append(
                f"line {one.line}: {one.place.measure} of image {one.place.image} is "
                f"{_shown(one)} here and {_shown(first)} in line {first.line}: keep one"
            )
    if faults:
        raise EvaluationError(with_count(path, faults))
    if not rows:
        raise EvaluationError(f"{path}: holds no measure: give one row per measure")
    return list(rows.values()), len(read) - len(rows)


def with_count(path: Path, faults: Sequence[str]) -> str:
    """Return the first fault of a table, and how many more there are."""
    more = f" ({len(faults) - 1} more lines are wrong)" if len(faults) > 1 else ""
    return f"{path}: {faults[0]}{more}"


def _row(line: int, row: Mapping[str, str], faults: list[str]) -> Row | None:
    """Return the row; on a fault, note it and return None."""
    fault = _fault(row)
    if fault:
        faults.append(f"line {line}: {fault}")
        return None
    place = Place(
        image=row["sop_instance_uid"],
        frame=_frame(row) or 1,
        measure=row["measure"],
        side=_SIDES[row.get("side", "").lower()],
    )
    value = None if row["value"].lower() in NO_VALUE else float(row["value"])
    return Row(line, place, value)


def _fault(row: Mapping[str, str]) -> str:
    """Say what is wrong with one row by itself; nothing if nothing is."""
    for name in ("sop_instance_uid", "measure"):
        if not row[name]:
            return f"{name} is empty: fill it in"
    value, unit, side = row["value"], row.get("unit", ""), row.get("side", "")
    if value.lower() not in NO_VALUE and not _NUMBER.fullmatch(value):
        return f"value {value!r} is not a number: write it as 12.5, or leave it empty"
    if not _frame(row):
        return f"frame_number {row['frame_number']!r} is not 1 or more: frames count from 1"
    if side.lower() not in _SIDES:
        return f"side {side!r} is unknown: use left, right, or nothing for a measure without sides"
    measure = row["measure"]
    if unit and unit != unit_of(measure):
        return f"unit {unit!r} is not that of {measure}: give values in {unit_of(measure)!r}"
    return ""


def _frame(row: Mapping[str, str]) -> int:
    """The frame; 0 where the cell is not one."""
    whole = _WHOLE.fullmatch(row.get("frame_number", "") or "1")
    return int(whole[1]) if whole else 0


def _shown(row: Row) -> str:
    return "empty" if row.value is None else f"{row.value:g}"
