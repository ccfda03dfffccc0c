"""A table of readings as a spreadsheet gives it back, with reasons and rounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from lumbargrade.annotation.places import Place, places_of
from lumbargrade.annotation.reading import GivenGrade, Item
from lumbargrade.annotation.tables import given_from_readings
from lumbargrade.errors import ReadingError
from lumbargrade.files.read_table import open_table
from lumbargrade.grading.system import READ_SYSTEMS
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, Reading, composed, read_readings

_Cells = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class GivenTable:
    """What readers gave, and how their table names each image: (patient, image) -> place."""

    given: tuple[GivenGrade, ...]
    places: Mapping[tuple[str, str], Place]


@dataclass(frozen=True)
class ReaderTable:
    """What one reader gave, and how the table at ``path`` names each image."""

    path: Path
    reader: str
    given: tuple[GivenGrade, ...]
    places: Mapping[tuple[str, str], Place]


def read_given_table(path: Path, faults: Faults) -> GivenTable:
    """Return the readings of a table; what is wrong with single rows goes into ``faults``.

    Who read stands in the column ``reader``, or else is the name of the file. An empty grade is no
    reading, and with a ``reason`` says that it cannot be graded. Patients whose leading zeros a
    spreadsheet took have them again where the row's ``file`` or ``folder`` lies in the patient's
    folder. Raises ReadingError if the file cannot be read as a table of readings with patients.
    """
    found = read_readings(path, Asked(patient=True), faults, ReadingError)
    cells = _cells(path)
    rows = _usable(found, cells, faults)
    given = given_from_readings(rows, cells, composed(path.stem))
    files = {(one.key.patient, one.image): cells[one.where].get("file", "") for one in rows}
    return GivenTable(
        tuple(_once(given, rows, cells, faults)),
        {name: _with_file(place, files[name]) for name, place in places_of(rows).items()},
    )


def read_reader_table(path: Path, faults: Faults) -> ReaderTable:
    """Return the readings of one reader's table; see :func:`read_given_table`.

    Raises
    ------
    ReadingError
        If the file cannot be read as a table of readings with patients, holds none, or those of
        several readers.
    """
    table = read_given_table(path, faults)
    readers = sorted({one.reader for one in table.given})
    if len(readers) > 1:
        raise ReadingError(
            f"{path}: holds the readings of {', '.join(readers)}: give each reader a table"
        )
    if not readers and not len(faults):
        raise ReadingError(f"{path}: holds no reading: fill in the grades")
    return ReaderTable(path, "".join(readers), table.given, table.places)


def _cells(path: Path) -> dict[str, dict[str, str]]:
    """Return ``where`` of each row -> column -> cell."""
    table = open_table(path, ("patient", "reader", "reason", "round"), ReadingError)
    return {
        f"{path.name} row {line}": {
            name: cell.strip() for name, cell in zip(table.columns, cells, strict=True)
        }
        for line, cells in table.rows
    }


def _usable(found: Sequence[Reading], cells: _Cells, faults: Faults) -> list[Reading]:
    """Return the rows that can be taken as they are, their patients named in full."""
    rows = []
    for one in found:
        if one.side is None and READ_SYSTEMS[one.system].per_side:
            faults.add(one.where, f"side '' of {one.system} is unknown: use left or right")
        else:
            own = cells[one.where]
            patient = with_leading_zeros(
                one.key.patient, own.get("file", "") or own.get("folder", "")
            )
            same = patient == one.key.patient
            rows.append(one if same else replace(one, key=replace(one.key, patient=patient)))
    return rows


def with_leading_zeros(patient: str, file: str) -> str:
    """Return the name of a patient as their folder in a cohort spells it, if a spreadsheet cut it.

    Examples
    --------
    >>> with_leading_zeros("17", "studies/0017/01/0003.dcm")
    '0017'
    """
    if not patient.isdecimal():
        return patient
    parts = PurePosixPath(file.replace("\\", "/")).parts
    folder = parts[1] if parts[:1] == ("studies",) and len(parts) > 1 else ""
    cut = folder.isdecimal() and folder.lstrip("0") == patient.lstrip("0")
    return folder if cut else patient


def _once(
    given: Sequence[GivenGrade], rows: Sequence[Reading], cells: _Cells, faults: Faults
) -> list[GivenGrade]:
    """Leave out a row that says again what another said; what contradicts is a fault."""
    kept: dict[tuple[str, int, Item], tuple[str, GivenGrade]] = {}
    for where, one in zip(_that_say_something(rows, cells), given, strict=True):
        first, other = kept.setdefault((one.reader, one.round, one.item), (where, one))
        if (one.grade, one.reason) != (other.grade, other.reason):
            faults.add(where, f"{one.item.output} of image {one.image} contradicts {first}")
    return [one for _, one in kept.values()]


def _that_say_something(rows: Sequence[Reading], cells: _Cells) -> Iterator[str]:
    return (
        one.where for one in rows if one.grade is not None or cells[one.where].get("reason", "")
    )


def _with_file(place: Place, file: str) -> Place:
    """Keep the file beside a UID, for whoever has to find the picture."""
    return place if place.key.file else replace(place, key=replace(place.key, file=file))
