"""What anybody may fetch: whether the room is well, its counts, its scripts and styles."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, HTTPException
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session
from starlette.responses import JSONResponse, PlainTextResponse, Response

from lumbargrade.serving.reading_room.routes.access import InRoom
from lumbargrade.serving.reading_room.store.models import Reading, Work
from lumbargrade.serving.reading_room.store.models import Session as SignedIn

public = APIRouter()

VIEWER_SCRIPTS = frozenset({"window.js", "camera.js", "stack.js", "controls.js"})
"""Modules that the page of a grading and the room have in common."""

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@public.get("/health")
def health(room: InRoom) -> Response:
    """Say whether the database answers."""
    try:
        with room.database.reading() as session:
            session.execute(select(1))
    except SQLAlchemyError:
        return JSONResponse({"status": "the database does not answer"}, 503)
    return JSONResponse({"status": "ok"})


@public.get("/metrics")
def metrics(room: InRoom) -> Response:
    """Return counts in Prometheus' text format."""
    with room.database.reading() as session:
        gauges = {
            "lumbargrade_works": ("Studies on all lists.", _count(session, Work.id)),
            "lumbargrade_works_finished": (
                "Of these, finished.",
                _count(session, Work.finished_at),
            ),
            "lumbargrade_readings": ("Readings given.", _count(session, Reading.id)),
            "lumbargrade_sessions": ("Sessions signed in.", _count(session, SignedIn.token)),
        }
    return PlainTextResponse(room.metrics.as_text(gauges), media_type=PROMETHEUS)


@public.get("/static/viewer/{name}")
def viewer_script(name: str) -> Response:
    """Return a module of the one viewer that the page and the room share."""
    if name not in VIEWER_SCRIPTS:
        raise HTTPException(404, "There is no such file.")
    headers = {"Cache-Control": "no-cache"}
    return Response(_script(name), media_type="text/javascript", headers=headers)


@cache
def _script(name: str) -> bytes:
    folder = files("lumbargrade.outputs.page") / "templates" / "script"
    return (folder / name).read_bytes()


def _count(session: Session, column: InstrumentedAttribute[Any]) -> float:
    return float(session.scalar(select(func.count(column))) or 0)
