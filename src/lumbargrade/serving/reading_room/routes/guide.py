"""The wording of each grade, with a drawing of those that are drawn."""

from __future__ import annotations

from threading import Thread
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from starlette.responses import Response

from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import GradingSystem
from lumbargrade.phantom.schematic.draw import schematic_svg
from lumbargrade.phantom.schematic.example import DRAWN
from lumbargrade.serving.reading_room.pages import page
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.access import Here, InRoom

guide = APIRouter()

Code = Annotated[str, Path(max_length=16)]
Value = Annotated[int, Path(ge=0, le=99)]


@guide.get("/guide/{code}")
def guide_page(room: InRoom, here: Here, code: Code) -> Response:
    """Show what each grade of a system means."""
    system = _system(room, code)
    return page("guide.html", here=here, csrf=here.csrf, system=system, drawn=code in DRAWN)


@guide.get("/guide/{code}/{grade}.svg")
def guide_drawing(
    room: InRoom, _: Here, code: Code, grade: Value, side: Side | None = None
) -> Response:
    """Return the drawing of a grade."""
    _system(room, code)
    found = drawing(code, grade, side)
    if found is None:
        raise HTTPException(404, "There is no such drawing.")
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(found, media_type="image/svg+xml", headers=headers)


def draw_ahead(room: Room) -> Thread:
    """Start to make all drawings, each of which takes half a second the first time."""

    def draw() -> None:
        for code, system in room.plan.systems.items():
            for grade in system.grades:
                for side in system.sides:
                    drawing(code, grade.value, side)

    started = Thread(target=draw, name="drawings", daemon=True)
    started.start()
    return started


def drawing(code: str, grade: int, side: Side | None) -> str | None:
    """Return the drawing of a grade as SVG; None where there is none."""
    try:
        return schematic_svg(code, grade, side)
    except (KeyError, IndexError):
        return None


def _system(room: Room, code: str) -> GradingSystem:
    found = room.plan.systems.get(code)
    if found is None:
        raise HTTPException(404, "This system is not read here.")
    return found
