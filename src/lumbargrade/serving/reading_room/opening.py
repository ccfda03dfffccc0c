"""Open a room over a cohort: its database, its plan, and the link for who runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lumbargrade.annotation.roles import Role
from lumbargrade.cohort.read import Cohort
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.settings import NOTHING_WISHED, Wished
from lumbargrade.serving.reading_room.shown import PicturesOf
from lumbargrade.serving.reading_room.store import audit, people, plans
from lumbargrade.serving.reading_room.store.database import Database

FOLDER = "reading-room"
FILE = "room.sqlite"
COORDINATOR = "Coordinator"
"""The name with which the first coordinator signs in."""


@dataclass(frozen=True)
class Opened:
    """An open room; ``link`` sets the coordinator's password, empty where they have one."""

    room: Room
    coordinator: str
    link: str


def default_database(cohort: Path) -> str:
    """Return the URL of the SQLite file that a cohort's room has, and make its folder.

    Raises ReadingError if the folder cannot be made.
    """
    folder = cohort / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ReadingError(
            f"{folder}: cannot be made ({error.strerror}): give --database, such as "
            "sqlite:////path/of/a/file"
        ) from None
    return f"sqlite:///{(folder / FILE).absolute()}"


def open_room(
    cohort: Cohort,
    pictures: PicturesOf,
    database: str,
    wished: Wished = NOTHING_WISHED,
    is_secure: bool = False,
    new_link: bool = False,
) -> Opened:
    """Open a room; the first time, its reading is set up as ``wished``.

    ``new_link`` makes a link for the coordinator even if they have a password, who has forgotten
    it. Raises ReadingError if the database cannot be used, or holds another reading.
    """
    opened = Database(database)
    try:
        with opened.writing() as session:
            plan, is_new = plans.plan_of(session, wished, cohort.fingerprint, opened.named)
            coordinator = people.coordinator_of(session)
            if coordinator is None:
                coordinator = people.add_person(session, COORDINATOR, Role.COORDINATOR)
            token = ""
            if coordinator.password is None or new_link:
                token = people.new_link(session, coordinator)
                audit.note(session, audit.Who(), audit.Noted.LINK_MADE, coordinator.name)
            if is_new:
                audit.note(session, audit.Who(), audit.Noted.PLANNED)
    except BaseException:
        opened.close()
        raise
    patients = tuple(dict.fromkeys(one.patient_id for one in cohort.slices))
    return Opened(
        Room(plan, patients, opened, pictures(plan.units), is_secure),
        coordinator.name,
        f"/password?link={token}" if token else "",
    )
