"""Sign in, sign out, set a password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from lumbargrade.annotation.roles import Deed, may_do
from lumbargrade.serving.reading_room.pages import page
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.access import (
    Here,
    InRoom,
    address_of,
    no_forgery,
)
from lumbargrade.serving.reading_room.security import passwords
from lumbargrade.serving.reading_room.security.tokens import csrf_of, new_token
from lumbargrade.serving.reading_room.store import audit, people
from lumbargrade.serving.reading_room.store.audit import Noted, Who
from lumbargrade.serving.reading_room.store.models import Person

accounts = APIRouter(dependencies=[Depends(no_forgery)])

WRONG = "The name or the password is wrong."
LINK_OVER = "This link was used already, or is over: ask the coordinator for a new one."

Field = Annotated[str, Form(max_length=400)]


@accounts.get("/")
def start(here: Here) -> Response:
    """Lead to the page that somebody's role begins with."""
    return _see("/progress" if may_do(here.role, Deed.MANAGE) else "/work")


@accounts.get("/sign-in")
def sign_in_page(request: Request, room: InRoom) -> Response:
    """Show the form; it gets a cookie, since it is protected from forgery too."""
    return _with_visit(request, room, "sign_in.html", fault="", name="")


@accounts.post("/sign-in")
def sign_in(request: Request, room: InRoom, name: Field = "", password: Field = "") -> Response:
    """Sign somebody in, or show the form again."""
    address = address_of(request)
    name = people.clean_name(name)[: people.LONGEST_NAME]
    wait = room.attempts.wait_s(name, address)
    if wait:
        fault = f"Too many attempts. Wait {(wait + 59) // 60} min and try again."
        answer = _with_visit(request, room, "sign_in.html", 429, fault=fault, name=name)
        answer.headers["Retry-After"] = str(wait)
        return answer
    with room.database.reading() as session:
        person = people.named(session, name)
    if not passwords.is_right(password, person.password if person else None) or person is None:
        room.attempts.note_failure(name, address)
        with room.database.writing() as session:
            whose = None if person is None else person.id
            audit.note(session, Who(whose, address), Noted.SIGN_IN_REFUSED)
        return _with_visit(request, room, "sign_in.html", 403, fault=WRONG, name=name)
    room.attempts.forget(name, address)
    return _signed_in(request, room, person)


@accounts.post("/sign-out")
def sign_out(room: InRoom, here: Here) -> Response:
    """End the session; the page that follows is the sign-in."""
    with room.database.writing() as session:
        people.sign_out(session, here.token)
        audit.note(session, here.who, Noted.SIGNED_OUT)
    answer = _see("/sign-in")
    answer.delete_cookie(room.cookie, path="/", secure=room.is_secure, httponly=True)
    return answer


@accounts.get("/password")
def password_page(request: Request, room: InRoom, link: str = "") -> Response:
    """Show the form for a new password: of a one-time link, or of somebody signed in."""
    person = _whose(request, room, link)
    if person is None:
        return _with_visit(request, room, "sign_in.html", 403, fault=LINK_OVER, name="")
    return _password_form(request, room, person, link)


@accounts.post("/password")
def password(
    request: Request,
    room: InRoom,
    link: Field = "",
    current: Field = "",
    new: Field = "",
    again: Field = "",
) -> Response:
    """Set a password and sign its owner in; other sessions of theirs end."""
    person = _whose(request, room, link)
    if person is None:
        return _with_visit(request, room, "sign_in.html", 403, fault=LINK_OVER, name="")
    address = address_of(request)
    if not link:
        if room.attempts.wait_s(person.name, address):
            return _password_form(request, room, person, link, "Too many attempts. Wait 5 min.")
        if not passwords.is_right(current, person.password):
            room.attempts.note_failure(person.name, address)
            return _password_form(request, room, person, link, "The current password is wrong.")
    fault = passwords.fault_of(new, again, person.name)
    if fault:
        return _password_form(request, room, person, link, fault)
    kept = passwords.hashed(new)
    with room.database.writing() as session:
        # Asked again, inside: of two who open one link at once, one sets the password.
        if link and people.of_link(session, link) is None:
            return _with_visit(request, room, "sign_in.html", 403, fault=LINK_OVER, name="")
        people.set_password(session, person, kept)
        audit.note(session, Who(person.id, address), Noted.PASSWORD_SET)
    return _signed_in(request, room, person)


def _whose(request: Request, room: Room, link: str) -> Person | None:
    with room.database.reading() as session:
        if link:
            return people.of_link(session, link)
        found = people.signed_in(session, request.cookies.get(room.cookie, ""))
        return None if found is None else session.get(Person, found.id)


def _password_form(
    request: Request, room: Room, person: Person, link: str, fault: str = ""
) -> Response:
    values = {"name": person.name, "link": link, "fault": fault, "shortest": passwords.SHORTEST}
    status = 422 if fault else 200
    return _with_visit(request, room, "password.html", status, **values)


def _with_visit(
    request: Request, room: Room, template: str, status: int = 200, **values: object
) -> Response:
    """Return a page for somebody who need not be signed in, with a cookie if they have none."""
    token = request.cookies.get(room.cookie, "")
    fresh = not token
    token = token or new_token()
    answer = page(template, status, csrf=csrf_of(token), here=None, **values)
    if fresh:
        _set_cookie(answer, room, token)
    return answer


def _signed_in(request: Request, room: Room, person: Person) -> Response:
    """Lead in with a new token: the one of before may be known to somebody else."""
    with room.database.writing() as session:
        token = people.sign_in(session, person)
        audit.note(session, Who(person.id, address_of(request)), Noted.SIGNED_IN)
    answer = _see("/")
    _set_cookie(answer, room, token)
    return answer


def _set_cookie(answer: Response, room: Room, token: str) -> None:
    answer.set_cookie(
        room.cookie, token, httponly=True, samesite="strict", secure=room.is_secure, path="/"
    )


def _see(path: str) -> Response:
    return RedirectResponse(path, 303)
