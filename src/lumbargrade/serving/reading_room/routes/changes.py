"""What a reader says, saved as it is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from lumbargrade.annotation.roles import Deed, may_do
from lumbargrade.grading.system import Unit
from lumbargrade.serving.reading_room.clock import now_text
from lumbargrade.serving.reading_room.conduct.adjudication import questions
from lumbargrade.serving.reading_room.conduct.given import finished_by_readers
from lumbargrade.serving.reading_room.conduct.missing import missing_of
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.access import (
    Here,
    InRoom,
    Visitor,
    does,
    no_forgery,
    no_such_work,
    work_of,
)
from lumbargrade.serving.reading_room.routes.bodies import BoxBody, ReadingBody, TimeBody
from lumbargrade.serving.reading_room.routes.work import WorkId
from lumbargrade.serving.reading_room.store import audit, histories, works
from lumbargrade.serving.reading_room.store.histories import (
    OtherChangeError,
    Place,
    SaidBox,
    SaidGrade,
)

changes = APIRouter(dependencies=[Depends(no_forgery)])

GRADES = Depends(does(Deed.GRADE, Deed.ADJUDICATE))
DRAWS = Depends(does(Deed.DRAW_BOX))
READS = Depends(does(Deed.DRAW_BOX, Deed.GRADE, Deed.ADJUDICATE))


@changes.put("/api/work/{work_id}/readings", dependencies=[GRADES])
def save_reading(room: InRoom, here: Here, work_id: WorkId, body: ReadingBody) -> dict[str, int]:
    """Save a grade, or why there can be none; the same change twice is saved once."""
    said = _said(room, body)
    with _open(room, here, work_id, body.slice) as (session, held, place):
        if held.unit != room.plan.systems[body.system].unit:
            raise HTTPException(422, f"This system is not read of a {held.unit}.")
        if may_do(here.role, Deed.ADJUDICATE):
            _check_asked(session, room, held.patient, body)
        done = histories.append_reading(session, place, str(body.change), said)
        histories.append_time(session, place, body.seconds if done.is_new else 0.0)
    return {"id": done.id}


@changes.put("/api/work/{work_id}/boxes", dependencies=[DRAWS])
def save_box(room: InRoom, here: Here, work_id: WorkId, body: BoxBody) -> dict[str, int]:
    """Save a box, or that there is none; the same change twice is saved once."""
    work = work_of(room, here, work_id)
    with room.database.reading() as session:
        known = works.slice_of(session, work.patient, body.slice)
    if known is None or known.unit != Unit.SLICE:
        raise _no_slice()
    stored = None
    if body.box is not None:
        stored = room.pictures.stored_box(work.patient, body.slice, body.box)
    with _open(room, here, work_id, body.slice) as (session, _, place):
        said = SaidBox(body.box, stored)
        done = histories.append_box(session, place, str(body.change), said)
        histories.append_time(session, place, body.seconds if done.is_new else 0.0)
    return {"id": done.id}


@changes.put("/api/work/{work_id}/time", dependencies=[READS])
def save_time(room: InRoom, here: Here, work_id: WorkId, body: TimeBody) -> dict[str, bool]:
    """Save seconds that were spent on a slice."""
    with _open(room, here, work_id, body.slice) as (session, _, place):
        histories.append_time(session, place, body.seconds)
    return {"saved": True}


@changes.post("/api/work/{work_id}/finish", dependencies=[READS])
def finish(room: InRoom, here: Here, work_id: WorkId) -> Response:
    """Finish a work, or say what is missing; what is finished is changed no more."""
    with room.database.writing() as session:
        work = works.own_work(session, here.person.id, work_id, lock=True)
        if work is None:
            raise no_such_work()
        missing = missing_of(session, work, here.role, room.plan)
        if missing:
            told = [
                {"slice": one.slice, "system": one.system, "side": one.side or None}
                for one in missing
            ]
            return JSONResponse({"missing": told}, 409)
        if work.finished_at is None:
            work.finished_at = now_text()
            audit.note(session, here.who, audit.Noted.FINISHED, f"work {work.id}")
    return JSONResponse({"finished": True})


@changes.post("/work/{work_id}/reopen", dependencies=[READS])
def reopen(room: InRoom, here: Here, work_id: WorkId) -> Response:
    """Open a finished work again: for as long as no adjudicator can have seen it."""
    with room.database.writing() as session:
        work = works.own_work(session, here.person.id, work_id, lock=True)
        if work is None:
            raise no_such_work()
        if may_do(here.role, Deed.GRADE) and work.patient in finished_by_readers(
            session, room.plan
        ):
            raise HTTPException(409, "All readers have finished this study: it stays closed.")
        work.finished_at = None
        audit.note(session, here.who, audit.Noted.REOPENED, f"work {work.id}")
    return RedirectResponse(f"/work/{work_id}", 303)


@contextmanager
def _open(
    room: Room, here: Visitor, work_id: int, number: int
) -> Iterator[tuple[Session, works.Held, Place]]:
    """Hold a work that is one's own and not finished; yield it and one of its slices."""
    try:
        with room.database.writing() as session:
            held = works.held(session, here.person.id, work_id, number)
            if held is None:
                raise no_such_work()
            if held.is_finished:
                raise HTTPException(409, "This study is finished: open it again to change it.")
            if held.slice_id is None:
                raise _no_slice()
            yield session, held, Place(held.work_id, held.slice_id)
    except OtherChangeError:
        raise HTTPException(409, "This change was saved with another content.") from None


def _no_slice() -> HTTPException:
    return HTTPException(404, "There is no such slice, or the study was never opened.")


def _said(room: Room, body: ReadingBody) -> SaidGrade:
    system = room.plan.systems.get(body.system)
    if system is None or body.side not in system.sides:
        raise HTTPException(422, "This system or side is not read here.")
    if body.grade is not None and (body.grade >= len(system.grades) or body.reason):
        raise HTTPException(422, "There is no such grade, or it has a reason why there is none.")
    side = "" if body.side is None else body.side.value
    return SaidGrade(body.system, side, body.grade, body.reason)


def _check_asked(session: Session, room: Room, patient: str, body: ReadingBody) -> None:
    """An adjudicator grades what readers differ on, and nothing else."""
    asked = {(one.slice, one.system, one.side) for one in questions(session, patient, room.plan)}
    side = "" if body.side is None else body.side.value
    if (body.slice, body.system, side) not in asked:
        raise HTTPException(403, "The readers do not differ here.")
