"""A small server that speaks the room's interface, for tests of the viewer alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader

from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem, Unit
from lumbargrade.outputs.page.pictures.sagittal import CutLine
from lumbargrade.phantom.schematic.example import DRAWN
from lumbargrade.serving.reading_room.viewing.views import (
    DiscMark,
    DiscView,
    Picture,
    SagittalView,
    SliceView,
    StudyView,
)
from lumbargrade.study.geometry import SliceGeometry

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LEVELS = ("L1/L2", "L2/L3", "L3/L4", "L4/L5", "L5/S1")
SIZE = 512
LIST = b'<!doctype html><title>My list</title><link rel="icon" href="data:,">'
SAID = ("slice", "system", "side", "grade", "reason")
ROOM = files("lumbargrade.serving.reading_room")
SCRIPTS = files("lumbargrade.outputs.page") / "templates" / "script"
TYPES = {"js": "text/javascript", "css": "text/css"}


def made_up_view(slices: int = 15, planes: int = 0) -> StudyView:
    """A study of discs that are circles, with its number as brightness beside each.

    With ``planes``, its discs are read too, on so many sagittal slices.
    """
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    there = np.hypot(row - 240, column - 256)
    geometry = SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), (0.36, 0.36), SIZE, SIZE)
    made = []
    for number in range(1, slices + 1):
        pixels = np.where(there < 40 + 2 * number, 3000, 900 + 40 * number).astype("<u2")
        made.append(
            SliceView(
                number=number,
                sop_instance_uid=f"1.2.{number}",
                frame_number=1,
                level=LEVELS[(number - 1) * len(LEVELS) // slices],
                level_source="cohort",
                width_mm=0.36 * SIZE,
                height_mm=0.36 * SIZE,
                rows=SIZE,
                columns=SIZE,
                letters=("A", "L", "P", "R"),
                window=(0.0, 3500.0),
                pixels=pixels.tobytes(),
                region_mm=(92.0, 86.0, 75.0),
                region_source="locator",
                proposal_mm=(54.5, 48.5, 75.0, 75.0),
                stored=geometry,
                shown=geometry,
            )
        )
    lines = [CutLine(n, 40, 12.0 * n, 110, 12.0 * n + 2) for n in range(1, slices + 1)]
    discs = [
        DiscMark(level, ((50, y), (85, y), (85, y + 8), (50, y + 8)))
        for level, y in zip(LEVELS, range(22, 400, 36), strict=False)
    ]
    shades = np.tile(np.linspace(100, 900, 150), (250, 1)).astype("<u2")
    sagittal = SagittalView(
        width_mm=150, height_mm=250, rows=250, columns=150, letters=("H", "P", "F", "A"),
        window=(0, 1000), pixels=shades.tobytes(), view_box=(20, 0, 110, 205),
        discs=tuple(discs), lines=tuple(lines),
    )  # fmt: skip
    if not planes:
        return StudyView(tuple(made), sagittal)
    read = tuple(
        DiscView(slices + place, level, planes // 2 + 1, (67, 26 + 36 * (place - 1), 60), True)
        for place, level in enumerate(LEVELS, 1)
    )
    stack = tuple(_plane(number) for number in range(1, planes + 1))
    doubts = ("The sacrum is not clearly seen.",)
    return StudyView(tuple(made), sagittal, read, stack, doubts)


def _plane(number: int) -> Picture:
    """Brighter with each number."""
    shades = np.tile(np.linspace(100, 300 + 60 * number, 150), (250, 1)).astype("<u2")
    return Picture(
        width_mm=150, height_mm=250, rows=250, columns=150, letters=("H", "P", "F", "A"),
        window=(0, 1000), pixels=shades.tobytes(),
    )  # fmt: skip


def circle(_: str, grade: int) -> str:
    """A drawing that is made faster than the real ones."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-25 -17 50 34">'
        f'<circle r="{5 + 3 * grade}" fill="#9ab"/></svg>'
    )


@dataclass
class FakeRoom:
    """What the server holds; ``status`` other than 200 is the answer to every change."""

    view: StudyView = field(default_factory=made_up_view)
    systems: dict[str, GradingSystem] = field(default_factory=lambda: dict(GRADING_SYSTEMS))
    role: str = "reader"
    finished: bool = False
    disagreements: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    readings: dict[tuple[int, str, str | None], dict[str, Any]] = field(default_factory=dict)
    boxes: dict[int, list[float] | None] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    status: int = 200
    asked: list[str] = field(default_factory=list)
    drawing: Callable[[str, int], str] = circle

    def work(self) -> dict[str, Any]:
        """The answer to GET /api/work/1."""
        return {
            "work": {
                "id": 1, "name": "Study 1", "arm": "plain",
                "role": self.role,
                "finished": self.finished,
            },
            "systems": [
                {
                    **one.to_dict(),
                    "unit": one.unit,
                    "drawn": one.code in DRAWN,
                    "grades": [
                        {"value": grade.value, "key": key, "name": grade.name,
                         "help": grade.help_text}
                        for grade, key in zip(one.grades, one.written, strict=True)
                    ],
                }
                for one in self.systems.values()
            ],
            "view": self.view.to_json(),
            "readings": list(self.readings.values()),
            "boxes": [{"slice": n, "box": box} for n, box in self.boxes.items() if box],
            "disagreements": self.disagreements,
            "proposals": self.proposals,
        }  # fmt: skip

    def change(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Answer a change."""
        if self.status != 200:
            return self.status, {"detail": "made to fail"}
        what = path.rsplit("/", 1)[-1]
        if what == "finish":
            missing = self.missing()
            self.finished = not missing
            return (409, {"missing": missing}) if missing else (200, {})
        number = body["slice"]
        self.seconds[number] = self.seconds.get(number, 0.0) + body["seconds"]
        if what == "readings" and body["change"] not in self.changes:
            key = (number, body["system"], body["side"])
            self.readings[key] = {
                k: body[k] for k in ("slice", "system", "side", "grade", "reason")
            }
        if what == "boxes":
            self.boxes[number] = body["box"]
        if "change" in body:
            self.changes.append(body["change"])
        return 200, {"id": len(self.changes)}

    def missing(self) -> list[dict[str, Any]]:
        """What lacks a grade or a reason."""
        if self.role == "expert":
            return [
                {"slice": one.number, "system": "BOX", "side": ""}
                for one in self.view.slices
                if not self.boxes.get(one.number)
            ]
        units = {one.number: Unit.SLICE for one in self.view.slices}
        units |= {one.number: Unit.DISC for one in self.view.discs}
        wanted = [
            (number, code, side.value if side else None)
            for number, unit in units.items()
            for code, system in self.systems.items()
            if system.unit is unit
            for side in system.sides
        ]
        if self.role == "adjudicator":
            wanted = [(one["slice"], one["system"], one["side"]) for one in self.disagreements]
        said = {
            key for key, one in self.readings.items() if one["grade"] is not None or one["reason"]
        }
        return [{"slice": n, "system": s, "side": e} for n, s, e in wanted if (n, s, e) not in said]


class Served:
    """A fake room on a port of its own."""

    def __init__(self, room: FakeRoom) -> None:
        self.room = room
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Door", (_Door,), {"room": room}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


class _Door(BaseHTTPRequestHandler):
    """What a browser comes to; ``room`` is set for each server."""

    protocol_version = "HTTP/1.1"
    room: FakeRoom

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, status: int, data: Any) -> None:
        self.answer(status, "application/json", json.dumps(data).encode())

    def do_GET(self) -> None:
        self.room.asked.append(self.path)
        parts = self.path.split("?")[0].strip("/").split("/")
        match parts:
            case ["work", "1"]:
                self.answer(200, "text/html; charset=utf-8", _viewer(self.room.role))
            case ["work"]:
                self.answer(200, "text/html", LIST)
            case ["api", "work", "1", *rest]:
                self.study(rest)
            case ["guide", code, name] if name.endswith(".svg"):
                text = self.room.drawing(code, int(name.removesuffix(".svg")))
                self.answer(200, "image/svg+xml", text.encode())
            case ["static", "viewer", name]:
                self.answer(200, "text/javascript", (SCRIPTS / name).read_bytes())
            case ["static", name]:
                kind = TYPES[name.rsplit(".", 1)[-1]]
                self.answer(200, kind, (ROOM / "static" / name).read_bytes())
            case _:
                self.answer_json(404, {"detail": "nothing here"})

    def study(self, rest: list[str]) -> None:
        match rest:
            case []:
                self.answer_json(200, self.room.work())
            case ["pixels", number]:
                pixels = self.room.view.slice(int(number)).pixels
                self.answer(200, "application/octet-stream", pixels)
            case ["planes", number]:
                pixels = self.room.view.planes[int(number) - 1].pixels
                self.answer(200, "application/octet-stream", pixels)
            case ["sagittal"] if self.room.view.sagittal:
                self.answer(200, "application/octet-stream", self.room.view.sagittal.pixels)
            case _:
                self.answer_json(404, {"detail": "nothing here"})

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-CSRF-Token"] != "token":
            self.answer_json(403, {"detail": "no token"})
            return
        self.answer_json(*self.room.change(self.path, json.loads(body)))

    do_POST = do_PUT  # noqa: N815


def _viewer(role: str) -> bytes:
    pages = Environment(loader=PackageLoader("lumbargrade.serving.reading_room"), autoescape=True)
    values = {"work_id": 1, "csrf": "token", "person": "A", "role": role}
    return pages.get_template("viewer.html").render(values).encode()
