"""The real room on a port, over two patients whose pictures are made up."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from tests.serving.reading_room.fake_room import made_up_view
from tests.serving.reading_room.made_up_room import PASSWORD, made_up_cohort

from lumbargrade.annotation.roles import Role
from lumbargrade.cohort.read import Cohort
from lumbargrade.serving.reading_room.app import make_app
from lumbargrade.serving.reading_room.opening import open_room
from lumbargrade.serving.reading_room.routes.manage import give_list
from lumbargrade.serving.reading_room.security.passwords import hashed
from lumbargrade.serving.reading_room.settings import Wished
from lumbargrade.serving.reading_room.shown import Box, PicturesOf, Proposal, ShownSlice
from lumbargrade.serving.reading_room.store import people
from lumbargrade.serving.reading_room.viewing.boxes import box_to_stored
from lumbargrade.serving.reading_room.viewing.views import pixels_of, sagittal_pixels

PEOPLE = {
    "Ann": Role.READER,
    "Bob": Role.READER,
    "Jud": Role.ADJUDICATOR,
    "Eve": Role.EXPERT,
    "Cora": Role.COORDINATOR,
}
SLICES = 3
LDH_AND_LNRC = Wished(systems=("LDH", "LNRC"), readers=2)


class MadeUpPictures:
    """The same three slices of every patient."""

    def __init__(self) -> None:
        self.made = made_up_view(SLICES)

    def slices(self, patient: str) -> Sequence[ShownSlice]:
        return [ShownSlice(n, f"1.2.{patient[1:]}.{n}", 1, None) for n in range(1, SLICES + 1)]

    def view(self, _: str) -> Mapping[str, Any]:
        return self.made.to_json()

    def pixels(self, _: str, number: int) -> bytes:
        return pixels_of(self.made, number)

    def sagittal(self, _: str) -> bytes | None:
        return sagittal_pixels(self.made)

    def plane(self, _: str, number: int) -> bytes | None:
        return self.made.planes[number - 1].pixels

    def stored_box(self, _: str, number: int, box_mm: Box) -> Box:
        return box_to_stored(self.made, number, box_mm)

    def proposals(self, _: str) -> Sequence[Proposal]:
        return ()

    def prefetch(self, patient: str) -> None:
        """There is nothing to make."""

    def close(self) -> None:
        """There is nothing to close."""


class RealRoom:
    """A served room with its people, all of whom have the same password."""

    def __init__(
        self,
        folder: Path,
        cohort: Cohort | None = None,
        pictures: PicturesOf = lambda _: MadeUpPictures(),
        wished: Wished = LDH_AND_LNRC,
    ) -> None:
        cohort = cohort or made_up_cohort(("p1", "p2"), SLICES)
        url = f"sqlite:///{folder / 'room.sqlite'}"
        self.room = open_room(cohort, pictures, url, wished).room
        kept = hashed(PASSWORD)
        with self.room.database.writing() as session:
            for name, role in PEOPLE.items():
                person = people.add_person(session, name, role)
                people.set_password(session, person, kept)
                give_list(session, person, self.room.plan, self.room.patients)
        settings = uvicorn.Config(
            make_app(self.room), port=0, log_config=None, access_log=False, lifespan="off"
        )
        self.server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()
        while not self.server.started:
            self._thread.join(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def close(self) -> None:
        """Stop, and close the database."""
        self.server.should_exit = True
        self._thread.join()
        self.room.pictures.close()
        self.room.database.close()
