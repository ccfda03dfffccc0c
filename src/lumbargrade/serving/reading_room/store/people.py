"""Accounts, one-time links and sessions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, func, inspect, select, update
from sqlalchemy.orm import Session

from lumbargrade.annotation.roles import Role
from lumbargrade.annotation.tables import without_again
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.clock import now_text
from lumbargrade.serving.reading_room.security.tokens import digest, new_token
from lumbargrade.serving.reading_room.store.models import Link, Person
from lumbargrade.serving.reading_room.store.models import Session as SignedIn

LINK_HOLDS = timedelta(days=14)
SESSION_HOLDS = timedelta(days=7)
IDLE_HOLDS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
"""How often the time at which somebody was last seen is written."""

LONGEST_NAME = 80


def add_person(session: Session, name: str, role: Role) -> Person:
    """Add somebody without a password; raises ReadingError if the name cannot be theirs."""
    name = clean_name(name)
    if not name or len(name) > LONGEST_NAME:
        raise ReadingError(f"a name has 1 to {LONGEST_NAME} characters: choose another one")
    if without_again(name) != name:
        raise ReadingError(f"{name}: this is how tables name a second reading: choose another name")
    names = session.scalars(select(Person.name))
    if any(one.casefold() == name.casefold() for one in names):
        raise ReadingError(f"the name {name} is taken: choose another one")
    person = Person(name=name, role=role.value, made_at=now_text())
    session.add(person)
    session.flush()
    return person


def clean_name(name: str) -> str:
    """Return a name in composed letters, its spaces single, without control characters.

    Examples
    --------
    >>> clean_name("  Ann \\t B. ")
    'Ann B.'
    """
    composed = unicodedata.normalize("NFC", name)
    spaced = " ".join(composed.split())
    return "".join(char for char in spaced if unicodedata.category(char)[0] != "C")


def named(session: Session, name: str) -> Person | None:
    """Return the person of a name as they typed it."""
    wanted = clean_name(name).casefold()
    people = session.scalars(select(Person).where(Person.active))
    return next((one for one in people if one.name.casefold() == wanted), None)


def coordinator_of(session: Session) -> Person | None:
    """Return the first coordinator."""
    return session.scalar(
        select(Person)
        .where(Person.role == Role.COORDINATOR.value, Person.active)
        .order_by(Person.id)
    )


def of_role(session: Session, role: Role, active: bool = True) -> list[Person]:
    """Return everybody with a role, in the order in which they were added."""
    wanted = select(Person).where(Person.role == role.value).order_by(Person.id)
    return list(session.scalars(wanted.where(Person.active) if active else wanted))


def turn_of(session: Session, person: Person) -> int:
    """Return the place of a reader among all readers, from 0."""
    earlier = select(func.count()).where(Person.role == person.role, Person.id < person.id)
    return session.scalar(earlier) or 0


# --- one-time links ----------------------------------------------------------------------------


def new_link(session: Session, person: Person) -> str:
    """Return the token of a new link to set a password; links made before end."""
    session.execute(delete(Link).where(Link.person_id == person.id, Link.used_at.is_(None)))
    token = new_token()
    session.add(Link(person_id=person.id, token=digest(token), ends_at=now_text(LINK_HOLDS)))
    return token


def of_link(session: Session, token: str) -> Person | None:
    """Return whose link it is; None where it is used, over or unknown."""
    return session.scalar(
        select(Person)
        .join(Link, Link.person_id == Person.id)
        .where(Link.token == digest(token), Link.used_at.is_(None), Link.ends_at > now_text())
        .where(Person.active)
    )


def set_password(session: Session, person: Person, kept: str) -> None:
    """Keep a new password's hash; links and sessions of before end."""
    session.execute(update(Person).where(Person.id == person.id).values(password=kept))
    session.execute(
        update(Link)
        .where(Link.person_id == person.id, Link.used_at.is_(None))
        .values(used_at=now_text())
    )
    session.execute(delete(SignedIn).where(SignedIn.person_id == person.id))


# --- sessions ----------------------------------------------------------------------------------


def sign_in(session: Session, person: Person) -> str:
    """Return the token of a new session; sessions that are over are removed."""
    session.execute(delete(SignedIn).where(SignedIn.made_at < now_text(-SESSION_HOLDS)))
    token, time = new_token(), now_text()
    session.add(SignedIn(token=digest(token), person_id=person.id, made_at=time, seen_at=time))
    session.flush()
    return token


def sign_out(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(SignedIn).where(SignedIn.token == digest(token)))


def shut_out(session: Session, person: Person) -> None:
    """End an account and its sessions; what the person has read stays."""
    session.execute(update(Person).where(Person.id == person.id).values(active=False))
    session.execute(delete(SignedIn).where(SignedIn.person_id == person.id))


@dataclass(frozen=True)
class Account:
    """Somebody signed in; ``is_unseen`` is whether it is time to write that they are there."""

    id: int
    name: str
    role: Role
    is_unseen: bool


_PERSON, _SESSION = inspect(Person).local_table.c, inspect(SignedIn).local_table.c
_SIGNED_IN = (
    select(_PERSON.id, _PERSON.name, _PERSON.role, _SESSION.seen_at)
    .where(_PERSON.id == _SESSION.person_id, _PERSON.active)
    .where(_SESSION.token == bindparam("token"))
    .where(_SESSION.made_at > bindparam("made"), _SESSION.seen_at > bindparam("seen"))
)
"""Made once and of bare tables: it runs before each request, and making it takes longer."""


def signed_in(session: Session, token: str) -> Account | None:
    """Return who is signed in."""
    times = {"made": now_text(-SESSION_HOLDS), "seen": now_text(-IDLE_HOLDS)}
    found = session.connection().execute(_SIGNED_IN, {"token": digest(token), **times}).first()
    if found is None:
        return None
    return Account(found[0], found[1], Role(found[2]), found[3] < now_text(-SEEN_EVERY))


def note_seen(session: Session, token: str) -> None:
    """Write that somebody is still there."""
    session.execute(
        update(SignedIn).where(SignedIn.token == digest(token)).values(seen_at=now_text())
    )
