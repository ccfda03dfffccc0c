"""Readings, disagreements and the reference standard as plain tables, in and out.

One grade a row, in the columns that ``readings.read`` knows, so that every command that reads
tables of readings reads these: ``agreement``, ``cohort import --grades``, ``evaluate --compare``.
They pass over the other columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from lumbargrade.annotation.disagreement import Disagreement
from lumbargrade.annotation.places import Places, filled, place_cells
from lumbargrade.annotation.reading import GivenGrade, Item, current
from lumbargrade.annotation.reference import ReferenceValue
from lumbargrade.files.table import write_rows
from lumbargrade.grading.system import written_grade
from lumbargrade.readings.read import NAMES_APART, Reading

NO_PLACES: Places = MappingProxyType({})
_AGAIN = re.compile(r"(?P<reader>.+) again(?: \d+)?")

Row = dict[str, object]


def without_again(reader: str) -> str:
    """Return the name of a reader whose repeats somebody put under a name of their own.

    Examples
    --------
    >>> without_again("Ann again"), without_again("Ann")
    ('Ann', 'Ann')
    """
    match = _AGAIN.fullmatch(reader)
    return match["reader"] if match else reader


def write_readings(
    path: Path,
    given: Sequence[GivenGrade],
    places: Places = NO_PLACES,
    seconds: Mapping[int, float] = MappingProxyType({}),
) -> None:
    """Write the readings that stand: those that something supersedes or takes back are left out.

    ``seconds`` is what a reading took, by its id. Raises ReadingError as ``current``, OSError if
    the file cannot be written.
    """
    rows = [
        {
            "reader": one.reader,
            **place_cells(one.item, places),
            **_graded(one.item),
            "grade": _written(one.item, one.grade),
            "reason": one.reason,
            "round": one.round,
            "arm": one.arm,
            "seconds": round(seconds[one.id], 3) if one.id in seconds else "",
            "made_at": one.made_at,
        }
        for one in current(given)
        if one.says_something
    ]
    columns = ("reader", *_PLACE, *_GRADED, "grade", "reason", *_OCCASION)
    _write(path, columns, rows)


def write_disagreements(
    path: Path, found: Sequence[Disagreement], readers: Sequence[str], places: Places = NO_PLACES
) -> None:
    """Write what readers disagree on, one thing a row, a column for each reader.

    The columns are named ``grade by Ann``. A reader who said that it cannot be graded has the
    reason in it. Raises OSError if the file cannot be written.
    """
    by_reader = {reader: f"grade by {reader}" for reader in readers}
    rows = [
        (one, {column: said(one, reader) for reader, column in by_reader.items()}) for one in found
    ]
    write_graded(path, tuple(by_reader.values()), rows, places)


def said(one: Disagreement, reader: str) -> str:
    """Return what a reader said of the thing in dispute, in the words of a table; "" if nothing."""
    if reader not in one.grades:
        return ""
    grade = one.grades[reader]
    if grade is None:
        return f"cannot grade: {one.reasons[reader]}"
    return written_grade(one.system, grade)


def write_reference(
    path: Path, values: Sequence[ReferenceValue], places: Places = NO_PLACES
) -> None:
    """Write the reference standard with the provenance of each value.

    It has no column ``reader``: its grades are the table's own for whoever reads it, and
    ``reference_by`` says on whose readings each rests. Raises OSError if the file cannot be
    written.
    """
    rows = [
        (
            one,
            {
                "grade": _written(item_of(one), one.grade),
                "origin": one.origin.value,
                "reference_by": NAMES_APART.join(one.readers if one.is_settled else ()),
                "note": one.note,
            },
        )
        for one in values
    ]
    write_graded(path, ("grade", "origin", "reference_by", "note"), rows, places)


def write_graded(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[tuple[Disagreement | ReferenceValue, Mapping[str, object]]],
    places: Places = NO_PLACES,
) -> None:
    """Write what is said of graded things: their image, system and side, and then ``columns``.

    Raises OSError if the file cannot be written.
    """
    named = [(item_of(one), cells) for one, cells in rows]
    content = [{**place_cells(item, places), **_graded(item), **cells} for item, cells in named]
    _write(path, (*_PLACE, *_GRADED, *columns), content)


def given_from_readings(
    readings: Sequence[Reading],
    further: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    reader: str = "",
) -> list[GivenGrade]:
    """Return the readings of a table as they were given; rows that say nothing are left out.

    Parameters
    ----------
    further : ``where`` of a row -> its other cells, of which ``reason`` and ``made_at`` are taken.
    reader : who read, where the table does not say.
    """
    found: list[GivenGrade] = []
    for one in readings:
        cells = further.get(one.where, {})
        reason = "" if one.grade is not None else cells.get("reason", "")
        if one.grade is None and not reason:
            continue
        number = one.occasion.round
        found.append(
            GivenGrade(
                len(found) + 1,
                _in_full(one.reader or reader, number),
                one.key.patient,
                replace(one, key=replace(one.key, frame=1)).image,
                one.key.frame,
                number,
                one.system,
                one.side,
                one.grade,
                reason,
                cells.get("made_at", ""),
                arm=one.occasion.arm.value,
            )
        )
    return found


def item_of(one: Disagreement | ReferenceValue) -> Item:
    """Return what a disagreement or a value is about."""
    side = "" if one.side is None else one.side.value
    return Item(one.patient, one.image, one.frame, one.system, side)


_PLACE = (
    "patient", "study", "series", "slice", "sop_instance_uid", "frame_number", "file", "image",
    "level",
)  # fmt: skip
_GRADED = ("system", "side")
_OCCASION = ("round", "arm", "seconds", "made_at")


def _graded(item: Item) -> Row:
    return {"system": item.system, "side": item.side_name}


def _written(item: Item, grade: int | None) -> str:
    return "" if grade is None else written_grade(item.system, grade)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    content = list(rows)
    kept = filled(columns, content)
    write_rows(path, kept, ([row[name] for name in kept] for row in content))


def _in_full(reader: str, number: int) -> str:
    return without_again(reader) if number > 1 else reader
