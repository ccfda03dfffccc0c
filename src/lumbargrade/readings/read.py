"""Tables of readings: one grade a row, or one image a row with a column for each output.

Long: ``system``, ``grade`` and, for a system with sides, ``side``. Wide: columns named as outputs
(``LDH``, ``LNRC_left``). Who read stands in a column ``reader``, or in the names of the columns
(``LDH_Ann``, ``LNRC_left_Ann``). Which image it was: see :mod:`lumbargrade.readings.slice_key`.
A grade that is empty, ``NA``, ``NaN`` or -1 is not known, which is never grade 0; ``2.0`` is 2.
What is graded of a disc (``PFIRRMANN``, 1 to 5; others from 0) needs patient and level, whatever
else a row names.
Of which round and arm, and in how many seconds: see :mod:`lumbargrade.readings.occasion`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import LumbargradeError
from lumbargrade.files.read_table import column_name, open_table
from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import (
    MEASURED_SYSTEMS,
    READ_SYSTEMS,
    GradingSystem,
    Unit,
    output_name,
)
from lumbargrade.readings.columns import GradeColumn, grade_columns, side_of
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.occasion import FIRST, Occasion, read_occasion
from lumbargrade.readings.slice_key import SliceKey, read_key, read_level

NO_GRADE = frozenset({"", "na", "nan", "-1"})
"""What stands for a grade that is not known; it is never grade 0."""

_WHOLE = re.compile(r"(-?\d+)[.,]0*")
"""A whole number as a column with gaps is written; a comma where semicolons part the cells."""
_SEVERAL = re.compile(r".*\d.*[^\d.].*\d.*|.*[a-z].*\d.*", re.IGNORECASE)
"""Such as ``1/2`` or ``L1 R2``: two sides or two readers in one cell."""
_EXPECTED = ("system", "grade", "side", "reader", "patient", "image", "sop", "level", "file")


@dataclass(frozen=True)
class Reading:
    """What one reader gave one image, or one side of it, in one system.

    Attributes
    ----------
    where : file and row, for messages.
    reader : empty where the table names none.
    key, level : the slice, or the patient's level, that was read.
    side : None for a system without sides, and for a reading of both sides together.
    grade : None where it is not known.
    reference_by : readers on whose readings the grade of a reference standard rests, if the table
        says it in a column ``reference_by``.
    occasion : round, arm and seconds; the first reading without help where the table says nothing.
    """

    where: str
    reader: str
    key: SliceKey
    level: Level | None
    system: str
    side: Side | None
    grade: int | None
    reference_by: tuple[str, ...] = ()
    occasion: Occasion = FIRST

    @property
    def output(self) -> str:
        """The name of what was graded, such as ``LNRC_left``."""
        return output_name(self.system, self.side)

    @property
    def unit(self) -> Unit:
        """Whether a slice was graded or a disc."""
        return READ_SYSTEMS[self.system].unit

    @property
    def image(self) -> str:
        """The name of the image among all of its table."""
        key = self.key
        if key.series and key.number is not None:
            return f"{key.series} {key.number}"
        named = key.image or key.sop or (f"{key.patient} {key.file}".strip() if key.file else "")
        if key.frame > 1:
            named = f"{named} {key.frame}".strip()
        return named or (f"{key.patient} {self.level}" if self.level else key.patient)


@dataclass(frozen=True)
class Asked:
    """What a command needs to know of each reading; a row that does not say it is a fault.

    ``place`` is whether a row must name a slice, or a patient and level.
    """

    reader: bool = False
    patient: bool = False
    place: bool = True


def read_readings(
    path: Path, asked: Asked, faults: Faults, error: type[LumbargradeError]
) -> list[Reading]:
    """Return the readings of a table; what is wrong with single rows goes into ``faults``.

    Raises ``error`` if the file cannot be read, has neither ``system`` and ``grade`` nor a column
    named as an output, or has no column for something that is asked.
    """
    table = open_table(path, _EXPECTED, error)
    rows = [
        (line, dict(zip(table.columns, (cell.strip() for cell in cells), strict=True)))
        for line, cells in table.rows
    ]
    wide = _wide(path, table.heading, rows, error)
    _refuse_lacking(path, table.columns, asked, wide, error)
    found: list[Reading] = []
    for line, row in rows:
        found += _readings(f"{path.name} row {line}", row, wide, asked, faults)
    return found


def composed(name: str) -> str:
    """Return a name in composed letters: elsewhere it may have combining accents."""
    return unicodedata.normalize("NFC", name)


NAMES_APART = "; "
"""Stands between several names in one cell."""


def names_in(cell: str) -> tuple[str, ...]:
    """Return the names in one cell.

    Examples
    --------
    >>> names_in("Ann; Bob"), names_in("")
    (('Ann', 'Bob'), ())
    """
    return tuple(name for part in cell.split(NAMES_APART[0]) if (name := composed(part.strip())))


def first_readings(readings: Sequence[Reading]) -> tuple[list[Reading], list[str]]:
    """Return the first readings without the model's help, and a sentence on each kind left out.

    Repeats and assisted readings are of the same reader and image; agreement of readers is that of
    their first own look.
    """
    kept = [one for one in readings if one.occasion.first_and_plain]
    repeats = sum(one.occasion.round > 1 for one in readings)
    assisted = len(readings) - len(kept) - repeats
    notes = []
    if repeats:
        notes.append(
            f"{repeats} {_readings_word(repeats)} of a later round left out: see reader-study "
            "repeats."
        )
    if assisted:
        notes.append(
            f"{assisted} {_readings_word(assisted)} with the model's help left out: see "
            "reader-study assisted."
        )
    return kept, notes


def _readings_word(count: int) -> str:
    return "reading" if count == 1 else "readings"


def readers_of(readings: Sequence[Reading]) -> list[str]:
    """Return the names of the readers in the order of the table, without the empty one."""
    return [one for one in dict.fromkeys(reading.reader for reading in readings) if one]


def _wide(
    path: Path,
    heading: Sequence[str],
    rows: Sequence[tuple[int, Mapping[str, str]]],
    error: type[LumbargradeError],
) -> list[GradeColumn]:
    """Return the columns of grades of a wide table; none of a long one."""
    columns = {column_name(name) for name in heading}
    long = {"system", "grade"} <= columns
    named = grade_columns(heading)
    plain = [one for one in named if not one.reader]
    if long and plain:
        raise error(
            f"{path}: has the columns system and grade, and {plain[0].name}: keep one grade a row, "
            "or one image a row"
        )
    if long:
        return []
    if "reader" in columns:
        named = plain
    cells = {one.name: [row[column_name(one.name)] for _, row in rows] for one in named}
    kept = [one for one in named if not one.reader or _of_reader(one, cells[one.name], bool(plain))]
    if not kept:
        lacking = " and ".join(one for one in ("system", "grade") if one not in columns)
        raise error(
            f"{path}: no column {lacking}: the first line must name system and grade, or outputs "
            "such as LDH, LCCS, LNRC_left, LNRC_right, with a reader (LDH_Ann) or without"
        )
    _refuse_doubtful(path, kept, error)
    return kept


def _of_reader(column: GradeColumn, cells: Sequence[str], beside_plain: bool) -> bool:
    """Whether ``LDH_Ann`` is a reader's and no remark such as ``LDH_comment``.

    Beside a column ``LDH`` every cell must be a grade: such remarks were always passed over.
    """
    filled = [one for one in cells if one.lower() not in NO_GRADE]
    good = [not _grade(column.system, one)[1] for one in filled]
    return all(good) if beside_plain else any(good) or not filled


def _refuse_doubtful(
    path: Path, columns: Sequence[GradeColumn], error: type[LumbargradeError]
) -> None:
    """Refuse L and R that are sides in one column and readers in another; and two columns of one
    thing."""
    readers = {one.reader.lower() for one in columns}
    for one in columns:
        last = re.split("[ _.-]", one.name)[-1].lower()
        if one.side is not None and not one.reader and last in readers & {"l", "r"}:
            raise error(
                f"{path}: column {one.name} may be of a side or of reader {last.upper()}: write "
                "left or right in full, and the reader behind it"
            )
    seen: dict[tuple[str, Side | None, str], str] = {}
    for one in columns:
        first = seen.setdefault((one.system.code, one.side, one.reader), one.name)
        if first != one.name:
            raise error(f"{path}: columns {first} and {one.name} are of one output: keep one")


def _refuse_lacking(
    path: Path,
    columns: Collection[str],
    asked: Asked,
    wide: Sequence[GradeColumn],
    error: type[LumbargradeError],
) -> None:
    lacking = []
    if asked.reader and "reader" not in columns and not any(one.reader for one in wide):
        lacking.append("reader")
    if asked.patient and not {"patient", "patient_id"} & set(columns):
        lacking.append("patient")
    if lacking:
        raise error(
            f"{path}: no column {', '.join(lacking)}: the first line must name reader (or columns "
            "such as LDH_Ann), patient and image"
        )


def _readings(
    where: str,
    row: Mapping[str, str],
    wide: Sequence[GradeColumn],
    asked: Asked,
    faults: Faults,
) -> Iterator[Reading]:
    key, key_fault = read_key(row)
    level, level_fault = read_level(row.get("level", ""))
    occasion, occasion_fault = read_occasion(row)
    if not key_fault:
        key_fault = _unplaced(key, level, asked)
    given = (
        [(one, row[column_name(one.name)]) for one in wide] if wide else _long(where, row, faults)
    )
    wrong = [fault for fault in (key_fault, level_fault, occasion_fault) if fault]
    for fault in wrong:
        faults.add(where, fault)
    for column, text in given:
        reader = composed(column.reader or row.get("reader", ""))
        grade, fault = _grade(column.system, text)
        if asked.reader and not reader:
            fault = fault or "reader is empty: fill it in"
        if column.system.unit is Unit.DISC and asked.place and not (key.patient and level):
            if grade is None and not fault:
                continue  # an empty cell of a table of slices
            fault = fault or f"{column.system.code} is of a disc: fill in patient and level"
        if fault:
            faults.add(where, fault)
        elif not wrong:
            system, side = column.system.code, column.side
            made_by = names_in(row.get("reference_by", ""))
            named = SliceKey(patient=key.patient) if column.system.unit is Unit.DISC else key
            yield Reading(where, reader, named, level, system, side, grade, made_by, occasion)


def _unplaced(key: SliceKey, level: Level | None, asked: Asked) -> str:
    if asked.patient and not key.patient:
        return "patient is empty: fill it in"
    if asked.place and not key.names_slice and not (key.patient and level):
        return (
            "names no slice: fill in sop, or file, or series and slice, or patient and level, or "
            "image"
        )
    return ""


def _long(where: str, row: Mapping[str, str], faults: Faults) -> list[tuple[GradeColumn, str]]:
    """Return what a row with ``system``, ``side`` and ``grade`` gives, if it gives something."""
    if not row["system"]:
        if row["grade"]:
            faults.add(where, "has a grade but no system: fill in system")
        return []  # a slice with a box and no grade
    system = READ_SYSTEMS.get(row["system"].upper())
    if system is None:
        usual = ", ".join(MEASURED_SYSTEMS)
        faults.add(where, f"system {row['system']!r} is unknown: use {usual}")
        return []
    named = row.get("side", "")
    side, known = side_of(named)
    if side is not None and not system.per_side:
        faults.add(where, f"side {named!r}: {system.code} has no sides; leave it empty")
        return []
    if not known:
        faults.add(where, f"side {named!r} of {system.code} is unknown: use left or right")
        return []
    # The program's own table of discs has both, the value as ``grade``.
    named_grade = row.get("grade_name", "") if system.unit is Unit.DISC else ""
    return [(GradeColumn("grade", system, side, ""), named_grade or row["grade"])]


def _grade(system: GradingSystem, text: str) -> tuple[int | None, str]:
    """Return the grade that a cell holds, and what is wrong with it (or nothing)."""
    whole = _WHOLE.fullmatch(text)
    bare = whole[1] if whole else text
    if bare.lower() in NO_GRADE:
        return None, ""
    if bare in system.written:
        return system.written.index(bare), ""
    advice = f"grades go from {system.written[0]} to {system.written[-1]}"
    if _SEVERAL.fullmatch(text) and not re.fullmatch(r"\d+,\d+", text):
        advice += ", one in a cell: give each side and each reader a row or column of their own"
    return None, f"{system.code} grade {text!r} is unknown: {advice}"
