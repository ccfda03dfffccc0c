"""The audit log: who did what and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from lumbargrade.serving.reading_room.clock import now_text
from lumbargrade.serving.reading_room.store.models import Audit


class Noted(StrEnum):
    """What is written into the log."""

    PLANNED = "planned"
    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGNED_OUT = "signed out"
    PASSWORD_SET = "password set"
    PERSON_ADDED = "person added"
    LINK_MADE = "link made"
    SHUT_OUT = "shut out"
    OPENED = "opened"
    FINISHED = "finished"
    REOPENED = "reopened"
    EXPORTED = "exported"
    REFUSED = "refused"


@dataclass(frozen=True)
class Who:
    """Who did it, and from where; ``person_id`` None is nobody who is known, or the command."""

    person_id: int | None = None
    address: str = ""


def note(session: Session, who: Who, deed: Noted, about: str = "") -> None:
    """Write a line into the log; ``about`` is cut to what its column holds."""
    session.add(
        Audit(
            at=now_text(),
            person_id=who.person_id,
            deed=deed.value,
            about=about[:120],
            address=who.address[:45],
        )
    )
