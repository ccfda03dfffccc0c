"""A room over a made-up cohort, served by a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.room.readers import Reader
from lumbargrade.annotation.roles import Role
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.serving.reading_room.opening import open_room
from lumbargrade.serving.reading_room.routes.manage import give_list
from lumbargrade.serving.reading_room.security.tokens import csrf_of
from lumbargrade.serving.reading_room.serve import serve
from lumbargrade.serving.reading_room.settings import Opening
from lumbargrade.serving.reading_room.shown import Box, Proposal, ShownSlice
from lumbargrade.serving.reading_room.store import people, works

STARTS_WITHIN_S = 60.0


def made_up(patients: int, slices: int) -> Cohort:
    """Return a cohort without pictures: the room needs its names alone."""
    found = [
        CohortSlice(
            f"P{patient:05d}", Path(f"{number}.dcm"), f"1.2.{patient}", f"1.2.{patient}.{number}",
            "t2", None, None, None, {}, "made up", False, None, "",
        )
        for patient in range(1, patients + 1)
        for number in range(1, slices + 1)
    ]  # fmt: skip
    return Cohort(Path("nowhere"), True, tuple(found), f"{patients:032x}{slices:032x}")


class NoPictures:
    """Slices without pictures."""

    def __init__(self, cohort: Cohort) -> None:
        self._images: dict[str, list[str]] = {}
        for one in cohort.slices:
            self._images.setdefault(one.patient_id, []).append(one.sop_instance_uid)

    def slices(self, patient: str) -> Sequence[ShownSlice]:
        return [ShownSlice(n, one, 1, None) for n, one in enumerate(self._images[patient], 1)]

    def view(self, patient: str) -> Mapping[str, Any]:
        return {"slices": [], "sagittal": None}

    def pixels(self, patient: str, number: int) -> bytes:
        return b""

    def sagittal(self, patient: str) -> bytes | None:
        return None

    def plane(self, patient: str, number: int) -> bytes | None:
        return None

    def stored_box(self, patient: str, number: int, box_mm: Box) -> Box:
        return box_mm

    def proposals(self, patient: str) -> Sequence[Proposal]:
        return ()

    def prefetch(self, patient: str) -> None: ...

    def close(self) -> None: ...


def put_up(url: str, cohort: Cohort, readers: int) -> list[Reader]:
    """Set a room up with readers who are signed in and studies that were opened."""
    pictures = NoPictures(cohort)
    room = open_room(cohort, lambda _: pictures, url).room
    found = []
    with room.database.writing() as session:
        for patient in room.patients:
            works.keep_slices(session, patient, pictures.slices(patient))
        for number in range(1, readers + 1):
            person = people.add_person(session, f"Reader {number}", Role.READER)
            give_list(session, person, room.plan, room.patients)
            token = people.sign_in(session, person)
            own = [one.id for one in works.list_of(session, person.id)]
            cookie = f"{room.cookie}={token}"
            found.append(
                Reader(own, len(pictures.slices(room.patients[0])), cookie, csrf_of(token))
            )
    room.database.close()
    return found


class Server:
    """The room in another process, from ``with`` on until it is stopped or killed.

    The process is forked from this one, which has loaded everything: a start takes no time.
    """

    def __init__(self, url: str, cohort: Cohort) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        arguments = (url, cohort, self.port)
        self._process = multiprocessing.get_context("fork").Process(target=_serve, args=arguments)
        self._process.start()

    def __enter__(self) -> Server:
        end = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health").close()
                return self
            except OSError:
                if time.monotonic() > end or not self._process.is_alive():
                    raise
                time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def kill(self, after_s: float) -> None:
        """Kill it (-9) in a while."""
        threading.Timer(after_s, self._process.kill).start()


def _serve(url: str, cohort: Cohort, port: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    room = open_room(cohort, lambda _: NoPictures(cohort), url).room
    serve(room, Opening(port=port), lambda: None)
