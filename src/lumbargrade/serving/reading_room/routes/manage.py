"""The coordinator's pages: people and their links."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from lumbargrade.annotation.blinding import Thing
from lumbargrade.annotation.roles import Deed, Role, may_do
from lumbargrade.annotation.worklist import Assignment, work_list
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.pages import page
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.access import (
    Here,
    InRoom,
    Visitor,
    does,
    no_forgery,
    sees,
)
from lumbargrade.serving.reading_room.routes.bodies import LARGEST_NUMBER
from lumbargrade.serving.reading_room.settings import ReadingPlan
from lumbargrade.serving.reading_room.store import audit, people, works
from lumbargrade.serving.reading_room.store.audit import Noted
from lumbargrade.serving.reading_room.store.models import Person

manage = APIRouter(
    dependencies=[Depends(no_forgery), Depends(does(Deed.MANAGE)), Depends(sees(Thing.PEOPLE))]
)

Field = Annotated[str, Form(max_length=400)]
PersonId = Annotated[int, Form(ge=1, le=LARGEST_NUMBER)]


@manage.get("/people")
def people_page(room: InRoom, here: Here) -> Response:
    """Show everybody, and the forms to add somebody and to make a new link."""
    return _page(room, here)


@manage.post("/people")
def add(request: Request, room: InRoom, here: Here, name: Field = "", role: Field = "") -> Response:
    """Add somebody, with their list, and show the link with which they set a password."""
    if role not in set(Role):
        raise HTTPException(422, "Choose a role.")
    try:
        with room.database.writing() as session:
            person = people.add_person(session, name, Role(role))
            give_list(session, person, room.plan, room.patients)
            link = people.new_link(session, person)
            audit.note(session, here.who, Noted.PERSON_ADDED, f"{person.name}, {role}")
    except ReadingError as error:
        return _page(room, here, 422, fault=str(error).capitalize())
    return _page(room, here, link=_address(request, link), of=person.name)


@manage.post("/people/link")
def renew(request: Request, room: InRoom, here: Here, person: PersonId) -> Response:
    """Make a new link for somebody who has lost theirs, or their password."""
    with room.database.writing() as session:
        found = _person(session, person)
        link = people.new_link(session, found)
        audit.note(session, here.who, Noted.LINK_MADE, found.name)
    return _page(room, here, link=_address(request, link), of=found.name)


@manage.post("/people/shut-out")
def shut_out(room: InRoom, here: Here, person: PersonId) -> Response:
    """End an account; what its owner has read stays."""
    if person == here.person.id:
        return _page(room, here, 422, fault="You cannot end your own account.")
    with room.database.writing() as session:
        found = _person(session, person)
        people.shut_out(session, found)
        audit.note(session, here.who, Noted.SHUT_OUT, found.name)
    return _page(room, here)


def give_list(
    session: Session, person: Person, plan: ReadingPlan, patients: tuple[str, ...]
) -> None:
    """Draw a new person's work list; an adjudicator's follows from the readings."""
    role = Role(person.role)
    if may_do(role, Deed.GRADE):
        options = plan.list_options(people.turn_of(session, person))
        works.add_works(session, person.id, work_list(patients, person.name, options))
    elif may_do(role, Deed.DRAW_BOX):
        works.add_works(session, person.id, [Assignment(one) for one in patients])


def _person(session: Session, person_id: int) -> Person:
    found = session.get(Person, person_id)
    if found is None or not found.active:
        raise HTTPException(404, "There is no such person.")
    return found


def _address(request: Request, link: str) -> str:
    return str(request.url_for("password_page").include_query_params(link=link))


def _page(
    room: Room,
    here: Visitor,
    status: int = 200,
    fault: str = "",
    link: str = "",
    of: str = "",
) -> Response:
    with room.database.reading() as session:
        everybody = [one for role in Role for one in people.of_role(session, role, active=False)]
    return page(
        "people.html",
        status,
        here=here,
        csrf=here.csrf,
        everybody=everybody,
        roles=list(Role),
        wanted=room.plan.readers,
        fault=fault,
        link=link,
        of=of,
    )
