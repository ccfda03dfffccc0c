"""The work list, a study to be read, and its pictures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path
from starlette.responses import Response

from lumbargrade.annotation.blinding import Thing
from lumbargrade.annotation.roles import Deed, may_do
from lumbargrade.serving.reading_room.conduct.adjudication import bring_list_up_to_date
from lumbargrade.serving.reading_room.pages import page
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.access import (
    Here,
    InRoom,
    does,
    no_forgery,
    sees,
    work_of,
)
from lumbargrade.serving.reading_room.routes.bodies import LARGEST_NUMBER
from lumbargrade.serving.reading_room.routes.opened import opened
from lumbargrade.serving.reading_room.store import audit, works
from lumbargrade.serving.reading_room.store.models import Work

READS = Depends(does(Deed.DRAW_BOX, Deed.GRADE, Deed.ADJUDICATE))
LOOKS = Depends(sees(Thing.PICTURES))
WorkId = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]

work = APIRouter(dependencies=[Depends(no_forgery), READS])


@work.get("/work")
def work_list(room: InRoom, here: Here) -> Response:
    """Show somebody's own list."""
    if may_do(here.role, Deed.ADJUDICATE):
        with room.database.writing() as session:
            bring_list_up_to_date(session, here.person, room.plan)
    with room.database.reading() as session:
        listed = works.list_of(session, here.person.id)
        begun = works.slices_begun(session, here.person.id)
    done = sum(one.finished_at is not None for one in listed)
    following = next((one for one in listed if one.finished_at is None), None)
    return page(
        "work.html",
        here=here,
        csrf=here.csrf,
        works=listed,
        begun=begun,
        done=done,
        following=following,
    )


@work.get("/work/{work_id}")
def viewer(room: InRoom, here: Here, work_id: WorkId) -> Response:
    """Show the viewer; it fetches what it shows."""
    found = work_of(room, here, work_id)
    return page(
        "viewer.html",
        here=here,
        csrf=here.csrf,
        work_id=found.id,
        person=here.person.name,
        role=here.role.value,
    )


@work.get("/api/work/{work_id}", dependencies=[LOOKS])
def open_work(room: InRoom, here: Here, work_id: WorkId) -> dict[str, Any]:
    """Return all that the viewer needs of a study, and nothing that its reader may not see."""
    found = work_of(room, here, work_id)
    with room.database.writing() as session:
        audit.note(session, here.who, audit.Noted.OPENED, f"work {found.id}")
    answer = opened(room, here.role, found)
    with room.database.reading() as session:
        following = works.next_after(session, found)
    if following is not None:
        room.pictures.prefetch(following.patient)
    return answer


@work.get("/api/work/{work_id}/pixels/{number}", dependencies=[LOOKS])
def pixels(room: InRoom, here: Here, work_id: WorkId, number: Number) -> Response:
    """Return the pixels of a slice: uint16, little-endian, row by row, as shown."""
    found = work_of(room, here, work_id)
    if not _has_slice(room, found, number):
        raise HTTPException(404, "There is no such slice.")
    return _picture(room.pictures.pixels(found.patient, number))


@work.get("/api/work/{work_id}/planes/{number}", dependencies=[LOOKS])
def plane(room: InRoom, here: Here, work_id: WorkId, number: Number) -> Response:
    """Return the pixels of a sagittal slice on which discs are read, as those of a slice."""
    found = work_of(room, here, work_id)
    pixels = room.pictures.plane(found.patient, number)
    if pixels is None:
        raise HTTPException(404, "There is no such sagittal slice.")
    return _picture(pixels)


@work.get("/api/work/{work_id}/sagittal", dependencies=[LOOKS])
def sagittal(room: InRoom, here: Here, work_id: WorkId) -> Response:
    """Return the pixels of the sagittal picture, as those of a slice."""
    found = work_of(room, here, work_id)
    picture = room.pictures.sagittal(found.patient)
    if picture is None:
        raise HTTPException(404, "This study has no sagittal picture.")
    return _picture(picture)


def _has_slice(room: Room, found: Work, number: int) -> bool:
    return any(one.number == number for one in room.pictures.slices(found.patient))


def _picture(pixels: bytes) -> Response:
    return Response(
        pixels,
        media_type="application/octet-stream",
        headers={"Cache-Control": "private, max-age=3600"},
    )
