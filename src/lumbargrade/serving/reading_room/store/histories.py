"""Readings, boxes and times: appended, never changed.

Whoever appends holds the work (``works.own_work`` with ``lock``), so that two tabs of one reader
come one after the other; the tables' constraints would refuse a history that forks.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, inspect, select
from sqlalchemy.orm import Session

from lumbargrade.serving.reading_room.clock import now_text
from lumbargrade.serving.reading_room.shown import Box as BoxSides
from lumbargrade.serving.reading_room.store.models import Box, Reading, Slice, SliceTime, Work


@dataclass(frozen=True)
class Place:
    """The work and the slice of which something is said."""

    work_id: int
    slice_id: int


@dataclass(frozen=True)
class SaidGrade:
    """A grade, or why there can be none; neither takes back what was said. ``side`` may be ""."""

    system: str
    side: str
    grade: int | None
    reason: str = ""


@dataclass(frozen=True)
class SaidBox:
    """A box in mm as shown, and in stored pixels; None takes back what was drawn."""

    box_mm: BoxSides | None
    box_px: BoxSides | None


class OtherChangeError(Exception):
    """A change of this name said something else already."""


@dataclass(frozen=True)
class Appended:
    """The id of what was said; ``is_new`` is False where this change was appended before."""

    id: int
    is_new: bool


_READING = inspect(Reading).local_table
_RELATED = (
    select(_READING)
    .where(_READING.c.work_id == bindparam("work"))
    .where(
        (_READING.c.change == bindparam("change"))
        | (
            (_READING.c.slice_id == bindparam("slice"))
            & (_READING.c.system == bindparam("system"))
            & (_READING.c.side == bindparam("side"))
        )
    )
    .order_by(_READING.c.turn)
)
"""What a work said of one thing, and a change of this name. Made once and of bare tables, as the
inserts are: they run with each change, and making them takes longer."""

_INSERT_READING = insert(Reading)
_INSERT_TIME = insert(SliceTime)


def append_reading(session: Session, place: Place, change: str, said: SaidGrade) -> Appended:
    """Append a reading, or find it where this change was appended already.

    Raises OtherChangeError if a change of this name said something else.
    """
    key = {"work": place.work_id, "slice": place.slice_id, "change": change}
    key |= {"system": said.system, "side": said.side}
    connection = session.connection()
    before = None
    for row in connection.execute(_RELATED, key):
        if row.change == change:
            same = (row.slice_id, row.system, row.side, row.grade, row.reason)
            if same != (place.slice_id, said.system, said.side, said.grade, said.reason):
                raise OtherChangeError
            return Appended(row.id, False)
        before = row
    values = {
        "work_id": place.work_id,
        "slice_id": place.slice_id,
        "system": said.system,
        "side": said.side,
        "turn": 1 if before is None else before.turn + 1,
        "change": change,
        "grade": said.grade,
        "reason": said.reason,
        "made_at": now_text(),
        "supersedes": None if before is None else before.id,
    }
    done = connection.execute(_INSERT_READING, values).inserted_primary_key
    assert done is not None
    return Appended(done[0], True)


def append_box(session: Session, place: Place, change: str, said: SaidBox) -> Appended:
    """Append a box, as :func:`append_reading` does a reading."""
    done = session.scalar(select(Box).where(Box.work_id == place.work_id, Box.change == change))
    if done is not None:
        kept = None if done.box_mm is None else tuple(done.box_mm)
        if kept != said.box_mm or done.slice_id != place.slice_id:
            raise OtherChangeError
        return Appended(done.id, False)
    before = session.execute(
        select(Box.id, Box.turn)
        .where(Box.work_id == place.work_id, Box.slice_id == place.slice_id)
        .order_by(Box.turn.desc())
        .limit(1)
    ).first()
    row = Box(
        work_id=place.work_id,
        slice_id=place.slice_id,
        turn=1 if before is None else before.turn + 1,
        change=change,
        box_mm=None if said.box_mm is None else list(said.box_mm),
        box_px=None if said.box_px is None else list(said.box_px),
        made_at=now_text(),
        supersedes=None if before is None else before.id,
    )
    session.add(row)
    session.flush()
    return Appended(row.id, True)


def append_time(session: Session, place: Place, seconds: float) -> None:
    """Append seconds that were spent on a slice."""
    if seconds > 0:
        values = {
            "work_id": place.work_id,
            "slice_id": place.slice_id,
            "seconds": seconds,
            "made_at": now_text(),
        }
        session.connection().execute(_INSERT_TIME, values)


def current_readings(session: Session, work: Work) -> dict[tuple[int, str, str], Reading]:
    """Return (slice number, system, side) -> the latest reading, if it says something."""
    rows = session.execute(
        select(Slice.number, Reading)
        .join(Slice, Slice.id == Reading.slice_id)
        .where(Reading.work_id == work.id)
        .order_by(Reading.turn)
    )
    latest = {(number, one.system, one.side): one for number, one in rows}
    return {key: one for key, one in latest.items() if one.grade is not None or one.reason}


def current_boxes(session: Session, work_ids: list[int]) -> dict[int, Box]:
    """Return slice number -> the box that was drawn last in one of several works of a study."""
    rows = session.execute(
        select(Slice.number, Box)
        .join(Slice, Slice.id == Box.slice_id)
        .where(Box.work_id.in_(work_ids))
        .order_by(Box.made_at, Box.id)
    )
    latest: dict[int, Box] = {number: one for number, one in rows}
    return {number: one for number, one in latest.items() if one.box_mm is not None}


def newest_reading(session: Session) -> int:
    """Return the largest id of a reading; it grows with each, so that nothing is computed twice."""
    return session.scalar(select(func.max(Reading.id))) or 0
