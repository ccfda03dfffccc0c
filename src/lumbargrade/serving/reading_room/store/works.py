"""Work lists, and the slices that they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, distinct, func, inspect, select
from sqlalchemy.orm import Session

from lumbargrade.annotation.reading import ASSISTED, PLAIN
from lumbargrade.annotation.worklist import Assignment
from lumbargrade.errors import ReadingError
from lumbargrade.grading.system import Unit
from lumbargrade.serving.reading_room.shown import ShownSlice
from lumbargrade.serving.reading_room.store.models import Box, Reading, Slice, Work


def add_works(session: Session, person_id: int, assignments: Sequence[Assignment]) -> None:
    """Put assignments at the end of a person's list."""
    last = select(func.max(Work.place)).where(Work.person_id == person_id)
    first = (session.scalar(last) or 0) + 1
    session.add_all(
        Work(
            person_id=person_id,
            patient=one.patient,
            round=one.round,
            arm=ASSISTED if one.assisted else PLAIN,
            place=place,
        )
        for place, one in enumerate(assignments, start=first)
    )
    session.flush()


def list_of(session: Session, person_id: int) -> list[Work]:
    """Return a person's works in their order."""
    wanted = select(Work).where(Work.person_id == person_id).order_by(Work.place)
    return list(session.scalars(wanted))


def own_work(session: Session, person_id: int, work_id: int, lock: bool = False) -> Work | None:
    """Return a work if it is this person's.

    ``lock`` lets nobody else write into it before this transaction ends; on SQLite, where there is
    one writer at a time, nobody does anyway.
    """
    wanted = select(Work).where(Work.id == work_id, Work.person_id == person_id)
    return session.scalar(wanted.with_for_update() if lock else wanted)


@dataclass(frozen=True)
class Held:
    """A work that this transaction holds, and one slice of it; None where it is not known.

    ``is_finished`` is whether it must not be changed; ``unit`` what the slice is.
    """

    work_id: int
    patient: str
    is_finished: bool
    slice_id: int | None
    unit: Unit


_WORK, _SLICE = inspect(Work).local_table, inspect(Slice).local_table
_HELD = (
    select(_WORK.c.id, _WORK.c.patient, _WORK.c.finished_at, _SLICE.c.id, _SLICE.c.unit)
    .select_from(
        _WORK.outerjoin(
            _SLICE,
            (_SLICE.c.patient == _WORK.c.patient) & (_SLICE.c.number == bindparam("number")),
        )
    )
    .where(_WORK.c.id == bindparam("work"), _WORK.c.person_id == bindparam("person"))
    .with_for_update(of=_WORK)
)
"""Made once and of bare tables: it runs with each change, and making it takes longer."""


def held(session: Session, person_id: int, work_id: int, number: int) -> Held | None:
    """Hold a work as :func:`own_work` does with ``lock``, and find its slice of a number."""
    values = {"work": work_id, "person": person_id, "number": number}
    found = session.connection().execute(_HELD, values).first()
    if found is None:
        return None
    work, patient, finished_at, slice_id, unit = found
    return Held(work, patient, finished_at is not None, slice_id, Unit(unit or Unit.SLICE))


def next_after(session: Session, work: Work) -> Work | None:
    """Return the next work of the same person that is not finished."""
    return session.scalar(
        select(Work)
        .where(Work.person_id == work.person_id, Work.place > work.place)
        .where(Work.finished_at.is_(None))
        .order_by(Work.place)
        .limit(1)
    )


def slices_begun(session: Session, person_id: int) -> Mapping[int, int]:
    """Return work -> slices of which something was said."""
    found: dict[int, int] = {}
    for table in (Reading, Box):
        rows = session.execute(
            select(table.work_id, func.count(distinct(table.slice_id)))
            .join(Work, Work.id == table.work_id)
            .where(Work.person_id == person_id)
            .group_by(table.work_id)
        )
        for work_id, count in rows:
            found[work_id] = max(found.get(work_id, 0), count)
    return found


# --- slices ------------------------------------------------------------------------------------


def slice_of(session: Session, patient: str, number: int) -> Slice | None:
    """Return a slice by its number; None where there is none, or the study was never opened."""
    return session.scalar(select(Slice).where(Slice.patient == patient, Slice.number == number))


def slices_of(session: Session, patient: str) -> list[Slice]:
    """Return the slices of a study in the order of their numbers; none before it is opened."""
    wanted = select(Slice).where(Slice.patient == patient).order_by(Slice.number)
    return list(session.scalars(wanted))


def keep_slices(session: Session, patient: str, shown: Sequence[ShownSlice]) -> None:
    """Keep how a study's view numbers its slices, which stays so for good.

    Raises ReadingError if it is numbered in another way than when it was opened first.
    """
    kept = [(one.number, one.image, one.frame) for one in slices_of(session, patient)]
    now = [(one.number, one.image, one.frame) for one in shown]
    if not kept:
        session.add_all(
            Slice(
                patient=patient,
                number=one.number,
                image=one.image,
                frame=one.frame,
                level=one.level,
                unit=one.unit.value,
            )
            for one in shown
        )
    elif kept != now:
        raise ReadingError(
            "a study shows other slices than when it was first opened: put the cohort's pictures "
            "back as they were"
        )
