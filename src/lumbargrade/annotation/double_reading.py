"""Two readers and an adjudicator with tables: from theirs to the reference standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.annotation.disagreement import Disagreement, disagreements, first_readings
from lumbargrade.annotation.form import FORM, check_unfilled, write_form
from lumbargrade.annotation.places import Place
from lumbargrade.annotation.reader_table import ReaderTable, read_reader_table
from lumbargrade.annotation.reading import GivenGrade
from lumbargrade.annotation.reference import Origin, ReferenceValue, reference_standard
from lumbargrade.annotation.tables import (
    item_of,
    without_again,
    write_disagreements,
    write_readings,
    write_reference,
)
from lumbargrade.errors import ReadingError
from lumbargrade.files.staging import staged
from lumbargrade.readings.faults import Faults


@dataclass(frozen=True)
class DoubleReading:
    """What came of two readings: a value for each thing read, and what readers differ on.

    ``files`` are the names of what was written, ``notes`` what somebody must know, a sentence each.
    """

    readers: tuple[str, ...]
    adjudicator: str | None
    values: tuple[ReferenceValue, ...]
    disagreements: tuple[Disagreement, ...]
    files: tuple[str, ...]
    notes: tuple[str, ...]


def adjudicate(tables: Sequence[Path], out: Path, again: Sequence[Path] = ()) -> DoubleReading:
    """Compare the tables of two readers and write what follows to the folder ``out``.

    Always ``readings.csv`` (all that was read, in one table) and ``disagreements.csv``; while
    something is open, the form that the adjudicator fills in; ``reference.csv`` once there is an
    adjudicator's table, or nothing to settle.

    Parameters
    ----------
    tables : of two readers, and as the third that of the adjudicator.
    again : what the readers read a second time; it goes into ``readings.csv`` and nowhere else.

    Raises
    ------
    ReadingError
        If a table cannot be used, the readers have no image in common, or ``out`` holds a form in
        which somebody has written.
    OutputError
        If ``out`` cannot be written.
    """
    if len(tables) not in (2, 3):
        raise ReadingError(
            f"{len(tables)} tables: give those of two readers, and behind them the adjudicator's"
        )
    read = _read(tables, again)
    first, second = read[: len(tables)], read[len(tables) :]
    readers, adjudicator = _people(first)
    given = _given((*first, *(_second(one, readers) for one in second)))
    places = _places(read)
    found = disagreements(given, readers)
    values = reference_standard(given, readers, adjudicator)
    _check_common(given, readers, tables)
    waiting = _waiting(found, values)
    check_unfilled(out / FORM, tables)
    with staged(out, [*tables, *again]) as folder:
        blind = [one for one in given if one.reader != adjudicator]
        write_readings(folder / "readings.csv", blind, places)
        write_disagreements(folder / "disagreements.csv", found, readers, places)
        if waiting:
            write_form(folder / FORM, waiting, readers, places)
        if adjudicator is not None or not waiting:
            write_reference(folder / "reference.csv", values, places)
        files = tuple(sorted(one.name for one in folder.iterdir()))
    notes = tuple(_notes(values, given, readers, adjudicator))
    return DoubleReading(readers, adjudicator, values, found, files, notes)


def _read(tables: Sequence[Path], again: Sequence[Path]) -> list[ReaderTable]:
    faults = Faults()
    read = [read_reader_table(path, faults) for path in (*tables, *again)]
    patients: dict[str, tuple[str, Path]] = {}
    for one in read:
        for patient, image in one.places:
            first, path = patients.setdefault(image, (patient, one.path))
            if first != patient:
                faults.add(
                    one.path.name,
                    f"image {image} belongs to patient {patient} here and to {first} in "
                    f"{path.name}",
                )
    faults.check(ReadingError)
    return read


def _people(read: Sequence[ReaderTable]) -> tuple[tuple[str, ...], str | None]:
    """Return the readers and the adjudicator; the name of each must be their own."""
    names = [one.reader for one in read]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise ReadingError(
                f"{read[number].path}: its reader is {name}, as that of "
                f"{read[names.index(name)].path}: write another name into the column reader, or "
                "name the file after the reader"
            )
    return tuple(names[:2]), names[2] if len(names) > 2 else None


def _second(table: ReaderTable, readers: Sequence[str]) -> ReaderTable:
    """Return a second reading as such, whether its table says so or not."""
    reader = table.reader if table.reader in readers else without_again(table.reader)
    if reader not in readers:
        raise ReadingError(
            f"{table.path}: its reader is {reader}, who is none of {', '.join(readers)}: a second "
            "reading is that of one of them"
        )
    given = tuple(replace(one, reader=reader, round=max(one.round, 2)) for one in table.given)
    return replace(table, reader=reader, given=given)


def _given(read: Iterable[ReaderTable]) -> list[GivenGrade]:
    """Return all readings, numbered through."""
    everything = (one for table in read for one in table.given)
    return [replace(one, id=number) for number, one in enumerate(everything, start=1)]


def _places(read: Sequence[ReaderTable]) -> dict[tuple[str, str], Place]:
    places: dict[tuple[str, str], Place] = {}
    for table in reversed(read):
        places |= table.places
    return places


def _check_common(
    given: Sequence[GivenGrade], readers: Sequence[str], tables: Sequence[Path]
) -> None:
    if all(len(one) < 2 for one in first_readings(given, readers).values()):
        raise ReadingError(
            f"{tables[0]} and {tables[1]}: have no graded image in common: name each image the "
            "same way in both"
        )


def _waiting(found: Sequence[Disagreement], values: Iterable[ReferenceValue]) -> list[Disagreement]:
    is_open = {item_of(one) for one in values if one.origin is Origin.OPEN}
    return [one for one in found if item_of(one) in is_open]


def _notes(
    values: Sequence[ReferenceValue],
    given: Sequence[GivenGrade],
    readers: Sequence[str],
    adjudicator: str | None,
) -> Iterator[str]:
    alone = Counter(one.readers[0] for one in values if one.origin is Origin.SINGLE)
    for reader, count in alone.items():
        yield f"Read by {reader} only, and so without a reference: {count}."
    if adjudicator is None:
        return
    asked = {item_of(one) for one in values if one.origin is not Origin.OPEN}
    settled = {item_of(one) for one in values if one.readers == (adjudicator,)}
    said = {one.item for one in given if one.reader == adjudicator and one.says_something}
    if unasked := len((said & asked) - settled):
        yield f"Graded by {adjudicator} without need, as the readers' grades stand: {unasked}."
    if unknown := len(said - {item_of(one) for one in values}):
        yield f"Graded by {adjudicator} and by none of {', '.join(readers)}: {unknown}."
