"""Who is there, and may they: asked on every route but the few that anybody may open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from lumbargrade.annotation.blinding import Thing, may_see
from lumbargrade.annotation.roles import Deed, Role, may_do
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.security.tokens import csrf_is_right, csrf_of
from lumbargrade.serving.reading_room.store import audit, people, works
from lumbargrade.serving.reading_room.store.models import Work
from lumbargrade.serving.reading_room.store.people import Account

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
FORM = "application/x-www-form-urlencoded"
FORGED = "This page is out of date: open it again and repeat the last step."
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in."""

    person: Account
    token: str
    address: str

    @property
    def role(self) -> Role:
        """Their role."""
        return self.person.role

    @property
    def csrf(self) -> str:
        """What their pages send along with each change."""
        return csrf_of(self.token)

    @property
    def who(self) -> audit.Who:
        """As the audit log names them."""
        return audit.Who(self.person.id, self.address)


def room_of(request: Request) -> Room:
    """Return the room whose door this is."""
    return cast(Room, request.app.state.room)


def address_of(request: Request) -> str:
    """Return where a request comes from."""
    return request.client.host if request.client else ""


async def no_forgery(request: Request) -> None:
    """Refuse a change that does not carry the word that only the room's own pages know."""
    if request.method not in CHANGING:
        return
    token = request.cookies.get(room_of(request).cookie, "")
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        # Forms of the room are of the plain kind; one with files is read by nobody.
        plain = request.headers.get("content-type", "").startswith(FORM)
        form = await request.form() if plain else FormData()
        field = form.get(CSRF_FIELD, "")
        given = field if isinstance(field, str) else ""
    if not token or not csrf_is_right(token, given):
        raise HTTPException(403, FORGED)


async def _room(request: Request) -> Room:
    """As :func:`room_of`; what is not async would cost a change of threads."""
    return room_of(request)


InRoom = Annotated[Room, Depends(_room)]


def visitor(request: Request, room: InRoom) -> Visitor:
    """Return who is signed in; 401 where nobody is."""
    token = request.cookies.get(room.cookie, "")
    with room.database.reading() as session:
        found = people.signed_in(session, token) if token else None
    if found is None:
        raise HTTPException(401, "Sign in first.")
    if found.is_unseen:
        with room.database.writing() as session:
            people.note_seen(session, token)
    return Visitor(found, token, address_of(request))


Here = Annotated[Visitor, Depends(visitor)]


def sees(*things: Thing) -> Callable[[Request, Room, Visitor], Awaitable[Visitor]]:
    """Return a dependency: 403 for whoever may not see one of ``things``."""

    async def check(request: Request, room: InRoom, here: Here) -> Visitor:
        if not all(may_see(here.role, thing) for thing in things):
            raise await run_in_threadpool(refused, request, room, here)
        return here

    return check


def does(*deeds: Deed) -> Callable[[Request, Room, Visitor], Awaitable[Visitor]]:
    """Return a dependency: 403 for whoever may do none of ``deeds``."""

    async def check(request: Request, room: InRoom, here: Here) -> Visitor:
        if not any(may_do(here.role, deed) for deed in deeds):
            raise await run_in_threadpool(refused, request, room, here)
        return here

    return check


def refused(request: Request, room: Room, here: Visitor) -> HTTPException:
    """Return the answer to somebody who may not do this, after it was noted."""
    route = getattr(request.scope.get("route"), "path", "")
    with room.database.writing() as session:
        audit.note(session, here.who, audit.Noted.REFUSED, f"{request.method} {route}")
    return HTTPException(403, "Your role does not include this.")


def work_of(room: Room, here: Visitor, work_id: int) -> Work:
    """Return somebody's own work; 404 for another's, as if there were none."""
    with room.database.reading() as session:
        work = works.own_work(session, here.person.id, work_id)
    if work is None:
        raise no_such_work()
    return work


def no_such_work() -> HTTPException:
    """Return the answer where there is no such work, or it is another person's."""
    return HTTPException(404, "There is no such work on your list.")
