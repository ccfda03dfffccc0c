"""A room over a made-up cohort without pictures, and somebody at its door."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from lumbargrade.annotation.roles import Role
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import Unit
from lumbargrade.serving.reading_room.app import make_app
from lumbargrade.serving.reading_room.opening import open_room
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.manage import give_list
from lumbargrade.serving.reading_room.settings import NOTHING_WISHED, Wished
from lumbargrade.serving.reading_room.shown import Box, Proposal, ShownSlice
from lumbargrade.serving.reading_room.store import people
from lumbargrade.serving.reading_room.store.models import Work

PASSWORD = "four plain words here"


def made_up_cohort(patients: Sequence[str] = ("p1", "p2", "p3"), slices: int = 2) -> Cohort:
    """A cohort whose files are not there: nothing in these tests opens one."""
    found = [
        CohortSlice(
            patient_id=patient,
            file=Path(f"studies/{patient}/{number}.dcm"),
            series_instance_uid=f"1.2.{place}",
            sop_instance_uid=f"1.2.{place}.{number}",
            contrast="t2",
            level=Level.L4_L5,
            disc_in_plane=True,
            center_px=None,
            grades={},
            scanner="made up",
            external=False,
            age_years=None,
            sex="",
        )
        for place, patient in enumerate(patients, start=1)
        for number in range(1, slices + 1)
    ]
    return Cohort(Path("nowhere"), True, tuple(found), "c0ffee" * 10 + "abcd")


@dataclass
class FakePictures:
    """Two by two pixels; a box in stored pixels is twice that in mm; the model always says 3."""

    cohort: Cohort
    units: frozenset[Unit] = frozenset({Unit.SLICE})
    prefetched: list[str] = field(default_factory=list)

    def slices(self, patient: str) -> Sequence[ShownSlice]:
        found = []
        if Unit.SLICE in self.units:
            images = [s.sop_instance_uid for s in self.cohort.slices if s.patient_id == patient]
            found = [ShownSlice(n, image, 1, "L4/L5") for n, image in enumerate(images, start=1)]
        if Unit.DISC in self.units:
            first = len(found) + 1
            found += [
                ShownSlice(first + place, level.value, 1, level.value, Unit.DISC)
                for place, level in enumerate(Level)
            ]
        return found

    def view(self, patient: str) -> Mapping[str, Any]:
        shown = [
            {"number": one.number, "level": one.level, "unit": one.unit}
            for one in self.slices(patient)
        ]
        slices = [one for one in shown if one["unit"] == Unit.SLICE]
        discs = [one for one in shown if one["unit"] == Unit.DISC]
        return {"slices": slices, "discs": discs, "planes": [], "doubts": [], "sagittal": None}

    def pixels(self, patient: str, number: int) -> bytes:
        return bytes(8)

    def sagittal(self, patient: str) -> bytes | None:
        return bytes(8) if patient == "p1" else None

    def plane(self, patient: str, number: int) -> bytes | None:
        return bytes(8) if number == 1 else None

    def stored_box(self, patient: str, number: int, box_mm: Box) -> Box:
        x, y, width, height = box_mm
        return 2 * x, 2 * y, 2 * width, 2 * height

    def proposals(self, patient: str) -> Sequence[Proposal]:
        return [
            Proposal(1, "LDH", None, 3, 77),
            Proposal(1, "LNRC", Side.LEFT, 3, 77),
            Proposal(1, "OTHER", None, 3, 77),
        ]

    def prefetch(self, patient: str) -> None:
        self.prefetched.append(patient)

    def close(self) -> None:
        """There is nothing to close."""


@dataclass
class Person:
    """Somebody at the door, with a browser of their own."""

    name: str
    role: Role
    browser: TestClient
    csrf: str
    patient_of: Callable[[int], str]
    """Whose study a work is: readers are not told."""

    def works(self) -> list[int]:
        """The ids on their list, in its order."""
        page = self.browser.get("/work").text
        table = page[page.find("<tbody>") :]
        return list(dict.fromkeys(int(one) for one in re.findall(r'href="/work/(\d+)"', table)))

    def put(self, path: str, **content: Any) -> Any:
        """Send a change as the viewer does."""
        content.setdefault("change", str(uuid.uuid4()))
        return self.browser.put(path, json=content, headers={"X-CSRF-Token": self.csrf})

    def grade(self, work: int, number: int = 1, grade: int | None = 1, **more: Any) -> Any:
        """Save a grade of LDH, or what ``more`` says."""
        content = {"slice": number, "system": "LDH", "side": None, "grade": grade} | more
        return self.put(f"/api/work/{work}/readings", **content)

    def post(self, path: str, **form: Any) -> Any:
        """Send a form, or nothing, as a page does."""
        return self.browser.post(path, data={"csrf": self.csrf} | form, follow_redirects=False)

    def finish(self, work: int) -> Any:
        """Finish a work as the viewer does."""
        return self.browser.post(f"/api/work/{work}/finish", headers={"X-CSRF-Token": self.csrf})

    def read_all(self, grades: Mapping[str, int], systems: Sequence[str] = ("LDH",)) -> None:
        """Give each study of the list its grade on every slice, and finish it."""
        for work in self.works():
            shown = self.browser.get(f"/api/work/{work}").json()
            for one in [*shown["view"]["slices"], *shown["view"]["discs"]]:
                for system in systems:
                    grade = grades[self.patient_of(work)]
                    done = self.grade(work, one["number"], grade, system=system)
                    assert done.status_code == 200, done.text
            assert self.finish(work).status_code == 200


class MadeUpRoom:
    """An open room, to which people are added as a test needs them."""

    def __init__(
        self,
        folder: Path,
        wished: Wished = NOTHING_WISHED,
        cohort: Cohort | None = None,
        database: str = "",
        is_secure: bool = False,
    ) -> None:
        self.cohort = cohort or made_up_cohort()
        self.pictures = FakePictures(self.cohort)
        self.url = database or f"sqlite:///{folder / 'room.sqlite'}"
        opened = open_room(self.cohort, self._made, self.url, wished, is_secure)
        self.room: Room = opened.room
        self.link = opened.link
        self.app = make_app(self.room)

    def _made(self, units: frozenset[Unit]) -> FakePictures:
        self.pictures.units = units
        return self.pictures

    def _patient_of(self, work: int) -> str:
        with self.room.database.reading() as session:
            return session.get_one(Work, work).patient

    def stranger(self) -> TestClient:
        """A browser in which nobody is signed in."""
        return TestClient(self.app, raise_server_exceptions=False)

    def add(self, name: str, role: Role = Role.READER) -> Person:
        """Add somebody and sign them in; without a password, for those take their time."""
        with self.room.database.writing() as session:
            person = people.add_person(session, name, role)
            give_list(session, person, self.room.plan, self.room.patients)
            token = people.sign_in(session, person)
        browser = self.stranger()
        browser.cookies.set(self.room.cookie, token)
        found = re.search(r'name="csrf" value="(\w+)"', browser.get("/password").text)
        assert found is not None
        return Person(name, role, browser, found[1], self._patient_of)

    def close(self) -> None:
        """Close the database."""
        self.room.database.close()
