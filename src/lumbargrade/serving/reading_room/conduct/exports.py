"""What the coordinator takes away: plain tables that the other commands read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from lumbargrade.annotation.places import Place
from lumbargrade.annotation.reference import Origin, ReferenceValue, reference_standard
from lumbargrade.annotation.roles import Role
from lumbargrade.annotation.tables import write_disagreements, write_readings, write_reference
from lumbargrade.files.table import write_rows
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import Unit
from lumbargrade.readings.slice_key import SliceKey
from lumbargrade.serving.reading_room.conduct.adjudication import all_disagreements
from lumbargrade.serving.reading_room.conduct.given import finished_by_readers, given_grades
from lumbargrade.serving.reading_room.conduct.seconds import seconds_of_grades
from lumbargrade.serving.reading_room.settings import ReadingPlan
from lumbargrade.serving.reading_room.store.models import Box, Person, Slice, SliceTime, Work
from lumbargrade.serving.reading_room.store.people import of_role

Writer = Callable[[Session, ReadingPlan, Path], None]


class Table(StrEnum):
    """The tables that there are."""

    READINGS = "readings"
    ADJUDICATIONS = "adjudications"
    BOXES = "boxes"
    DISAGREEMENTS = "disagreements"
    REFERENCE = "reference"
    TIMES = "times"


def export(session: Session, plan: ReadingPlan, table: Table) -> bytes:
    """Return a table as CSV.

    Raises ReadingError if a history is broken, OSError if there is no room for a temporary file.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table.value}.csv"
        WRITERS[table](session, plan, path)
        return path.read_bytes()


def reference_of(session: Session, plan: ReadingPlan) -> list[ReferenceValue]:
    """Return the reference standard of the studies that every reader has finished.

    Where adjudicators took over from one another, what the first left open is the next one's.
    """
    ready = finished_by_readers(session, plan)
    if not ready:
        return []
    readers = next(iter(ready.values()))
    given = [one for one in given_grades(session) if one.patient in ready]
    judges = [one.name for one in of_role(session, Role.ADJUDICATOR, active=False)]
    found = list(reference_standard(given, readers, judges[0] if judges else None))
    for judge in judges[1:]:
        further = reference_standard(given, readers, judge)
        found = [
            two if one.origin is Origin.OPEN else one
            for one, two in zip(found, further, strict=True)
        ]
    return found


def _readings(session: Session, _: ReadingPlan, path: Path) -> None:
    _given_by(Role.READER, session, path)


def _adjudications(session: Session, _: ReadingPlan, path: Path) -> None:
    """Apart from the readings: whoever saw these counts as no reader in the agreement."""
    _given_by(Role.ADJUDICATOR, session, path)


def _given_by(role: Role, session: Session, path: Path) -> None:
    given = given_grades(session, role=role)
    write_readings(path, given, _places(session), seconds_of_grades(session, given))


def _disagreements(session: Session, plan: ReadingPlan, path: Path) -> None:
    ready = finished_by_readers(session, plan)
    readers = next(iter(ready.values()), [])
    write_disagreements(path, all_disagreements(session, plan), readers, _places(session))


def _reference(session: Session, plan: ReadingPlan, path: Path) -> None:
    write_reference(path, reference_of(session, plan), _places(session))


def _boxes(session: Session, _: ReadingPlan, path: Path) -> None:
    """The boxes that stand, in pixels from the picture's upper left corner."""
    rows = session.execute(
        select(Person.name, Slice.patient, Slice.image, Slice.frame, Slice.level, Box)
        .join(Work, Work.id == Box.work_id)
        .join(Person, Person.id == Work.person_id)
        .join(Slice, Slice.id == Box.slice_id)
        .order_by(Person.id, Slice.patient, Slice.number, Box.turn)
    )
    latest = {tuple(place): box for *place, box in rows}
    _write(
        path,
        "reader,patient,sop_instance_uid,frame_number,level,x,y,w,h,made_at",
        (
            (*place, *(round(edge, 3) for edge in box.box_px), box.made_at)
            for place, box in latest.items()
            if box.box_px is not None
        ),
    )


def _times(session: Session, _: ReadingPlan, path: Path) -> None:
    """Seconds for each slice of each work, with what may explain them."""
    rows = session.execute(
        select(
            Person.name,
            Slice.patient,
            case((Slice.unit == Unit.SLICE, Slice.image), else_=""),
            Slice.frame,
            Slice.level,
            Work.round,
            Work.arm,
            Work.place,
            func.sum(SliceTime.seconds),
        )
        .join(Work, Work.id == SliceTime.work_id)
        .join(Person, Person.id == Work.person_id)
        .join(Slice, Slice.id == SliceTime.slice_id)
        .group_by(Person.id, Work.id, Slice.id)
        .order_by(Person.id, Work.place, Slice.number)
    )
    _write(
        path,
        "reader,patient,sop_instance_uid,frame_number,level,round,arm,place_on_list,seconds",
        ((*row[:-1], round(row[-1], 3)) for row in rows),
    )


WRITERS: Mapping[Table, Writer] = MappingProxyType(
    {
        Table.READINGS: _readings,
        Table.ADJUDICATIONS: _adjudications,
        Table.BOXES: _boxes,
        Table.DISAGREEMENTS: _disagreements,
        Table.REFERENCE: _reference,
        Table.TIMES: _times,
    }
)


def _write(path: Path, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    write_rows(path, columns.split(","), rows)


def _places(session: Session) -> dict[tuple[str, str], Place]:
    return {
        (one.patient, one.image): Place(_key(one), Level(one.level) if one.level else None)
        for one in session.scalars(select(Slice))
    }


def _key(one: Slice) -> SliceKey:
    """A disc is known by its patient and level alone."""
    return SliceKey(patient=one.patient, sop=one.image if one.unit == Unit.SLICE else "")
