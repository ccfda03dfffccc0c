"""From tables of readings to those of a study: who are the readers, the model, the reference."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.archive.keyed_names import keyed_names, keyed_readings
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.table import StudyTable, Times, table_of, times_of
from lumbargrade.grading.system import MEASURED_SYSTEMS
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, Reading, composed, read_readings
from lumbargrade.statistics.agreement.matrices import note_contradictions
from lumbargrade.statistics.patients import FEW_PATIENTS


@dataclass(frozen=True)
class Source:
    """The tables of a study and who is who in them.

    Attributes
    ----------
    tables : one or more; one that names no reader is of a single reader, named as the file.
    model : the reader that is the model; None: there is none.
    reference : the reader that is the reference standard; None: it is not needed.
    key : of an index, as in ``evaluation.agreement``; None: names are compared as they are.
    """

    tables: tuple[Path, ...]
    model: str | None = None
    reference: str | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Inputs:
    """What a study is made of.

    ``readers`` are those who are neither the model nor the reference, in the order of the tables;
    ``tables`` are in the order of the systems.
    """

    tables: tuple[StudyTable, ...]
    times: Times
    readers: tuple[str, ...]
    model: str
    reference: str
    notes: tuple[str, ...]


def read_inputs(source: Source) -> Inputs:
    """Read the tables.

    Raises EvaluationError if one cannot be used, contradicts itself or another, or if the model or
    the reference is none of the readers.
    """
    faults = Faults()
    readings: list[Reading] = []
    for path in source.tables:
        readings += _named(path, faults)
    readings = keyed_readings(readings, keyed_names(source.key))
    note_contradictions(readings, faults)
    faults.check(EvaluationError)
    known = [one for one in readings if one.system in MEASURED_SYSTEMS]
    where = ", ".join(map(str, source.tables))
    if not any(one.grade is not None for one in known):
        raise EvaluationError(
            f"{where}: holds no reading of {', '.join(MEASURED_SYSTEMS)}: give one row per grade"
        )
    names = list(dict.fromkeys(one.reader for one in known))
    others = {role: _who(role, getattr(source, role), names) for role in ("model", "reference")}
    tables = [
        table_of(code, len(system.grades), some)
        for code, system in MEASURED_SYSTEMS.items()
        if (some := [one for one in known if one.system == code])
    ]
    return Inputs(
        tuple(tables),
        times_of([one for one in known if one.reader not in others.values()]),
        tuple(name for name in names if name not in others.values()),
        others["model"],
        others["reference"],
        tuple(_notes(readings, tables)),
    )


def _named(path: Path, faults: Faults) -> list[Reading]:
    """Return the readings of a table; where none names a reader, the file does."""
    found = read_readings(path, Asked(patient=True), faults, EvaluationError)
    nameless = [one for one in found if not one.reader]
    if nameless and len(nameless) < len(found):
        faults.add(nameless[0].where, "reader is empty: fill it in")
    return [one if one.reader else replace(one, reader=composed(path.stem)) for one in found]


def _who(role: str, name: str | None, names: Collection[str]) -> str:
    if name is None:
        return ""
    if composed(name) not in names:
        raise EvaluationError(
            f"--{role} {name}: is none of the readers: name one of {', '.join(sorted(names))}, or "
            f"add a table of its own named {name}.csv"
        )
    return composed(name)


def _notes(readings: Sequence[Reading], tables: Sequence[StudyTable]) -> list[str]:
    known = ", ".join(MEASURED_SYSTEMS)
    left = dict.fromkeys(one.system for one in readings if one.system not in MEASURED_SYSTEMS)
    notes = [f"{system}: is no system of {known}, so it is excluded." for system in left]
    for table in tables:
        patients = len(set(table.patients))
        if patients < FEW_PATIENTS:
            notes.append(
                f"{table.system}: images of {patients} patient{'' if patients == 1 else 's'} only: "
                "intervals from so few have not been tried."
            )
    return notes
