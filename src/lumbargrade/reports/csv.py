"""Tables of reports, and of a person's reading of them, from CSV files that may be anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import CohortError
from lumbargrade.files.read_table import column_name, open_table
from lumbargrade.grading.level import Level
from lumbargrade.reports.levels import level_of

PATIENT_COLUMN = "patient_id"
TEXT_COLUMNS = ("note", "text", "report")
"""Where the text is looked for if nobody says where it is, in this order."""
REFERENCE_COLUMNS = ("patient_id", "level", "clinical_significance", "bulge")
SIGNIFICANCE = ("no", "mild", "serious")
BULGE = ("none", "mild bulge", "bulge")


@dataclass(frozen=True)
class Report:
    """One patient's report."""

    patient_id: str
    text: str


@dataclass(frozen=True)
class LevelReading:
    """What a person read at one level; None where it is not known.

    ``significance`` and ``bulge`` are places in :data:`SIGNIFICANCE` and :data:`BULGE`.
    """

    patient_id: str
    level: Level
    significance: int | None
    bulge: int | None


def read_reports(
    path: Path, patient_column: str = PATIENT_COLUMN, text_column: str | None = None
) -> tuple[Report, ...]:
    """Read a table with a report a row.

    Without ``text_column`` the first of :data:`TEXT_COLUMNS` that is there is taken. Raises
    CohortError if the file cannot be read, is no table of text, lacks a column, holds no report,
    or names a patient twice or not at all.
    """
    texts = TEXT_COLUMNS if text_column is None else (text_column,)
    lines: dict[str, int] = {}
    reports = []
    for line, row in _rows(path, (patient_column,), texts):
        patient, text = row[column_name(patient_column)].strip(), row[""]
        if not patient:
            raise CohortError(f"{path}: line {line}: {patient_column} is empty: fill it in")
        if lines.setdefault(patient, line) != line:
            raise CohortError(
                f"{path}: line {line}: patient {patient!r} has a report in line {lines[patient]} "
                "already: keep one, or join the texts"
            )
        reports.append(Report(patient, text))
    if not reports:
        raise CohortError(f"{path}: holds no report: give one row for each")
    return tuple(reports)


def read_readings(path: Path) -> tuple[LevelReading, ...]:
    """Read a table with a person's reading of a level a row.

    Raises CohortError as :func:`read_reports`, or if a level or a reading has a value that is not
    known.
    """
    lines: dict[tuple[str, Level], int] = {}
    readings = []
    for line, row in _rows(path, REFERENCE_COLUMNS, ()):
        where = f"{path}: line {line}"
        level = level_of(row["level"])
        if level is None:
            raise CohortError(f"{where}: {row['level']!r} is not a level: use L1-L2 to L5-S1")
        patient = row["patient_id"].strip()
        if lines.setdefault((patient, level), line) != line:
            raise CohortError(
                f"{where}: patient {patient!r} has {level} in line {lines[patient, level]} "
                "already: keep one"
            )
        significance = _place(where, row, "clinical_significance", SIGNIFICANCE)
        readings.append(
            LevelReading(patient, level, significance, _place(where, row, "bulge", BULGE))
        )
    if not readings:
        raise CohortError(f"{path}: holds no reading: give one row for each level")
    return tuple(readings)


def _place(where: str, row: Mapping[str, str], name: str, known: Sequence[str]) -> int | None:
    value = row[name].strip().lower()
    if not value:
        return None
    if value not in known:
        raise CohortError(
            f"{where}: {name} {value!r} is unknown: use {', '.join(known)} or nothing"
        )
    return known.index(value)


def _rows(
    path: Path, columns: Sequence[str], one_of: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, name in lower case -> cell); the column of ``one_of`` has the name ``""``."""
    table = open_table(path, (*columns, *one_of), CohortError)
    wanted = {column_name(name): _column(path, table.columns, (name,)) for name in columns}
    if one_of:
        wanted[""] = _column(path, table.columns, one_of)
    for line, cells in table.rows:
        yield line, {name: cells[place] for name, place in wanted.items()}


def _column(path: Path, names: Sequence[str], one_of: Sequence[str]) -> int:
    for name in map(column_name, one_of):
        if name in names:
            return names.index(name)
    raise CohortError(
        f"{path}: no column {' or '.join(one_of)}: the first line must name it, or name "
        "the column (lumbargrade cohort reports --help)"
    )
