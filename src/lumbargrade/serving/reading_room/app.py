"""Put the room together: its doors, and what happens where one stays shut."""

from __future__ import annotations

import logging
from importlib.resources import as_file, files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from lumbargrade.errors import LumbargradeError
from lumbargrade.serving.reading_room.pages import page
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.accounts import accounts
from lumbargrade.serving.reading_room.routes.changes import changes
from lumbargrade.serving.reading_room.routes.follow import follow
from lumbargrade.serving.reading_room.routes.guide import guide
from lumbargrade.serving.reading_room.routes.manage import manage
from lumbargrade.serving.reading_room.routes.public import public
from lumbargrade.serving.reading_room.routes.work import work
from lumbargrade.serving.reading_room.security.guard import Guard

LOG = logging.getLogger("lumbargrade.room")


def make_app(room: Room) -> FastAPI:
    """Return the room as an ASGI app."""
    app = FastAPI(
        title="lumbargrade reading room",
        openapi_url=None,  # a map of the doors is nobody's business; tests make it
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=True,
    )
    app.state.room = room
    for router in (public, accounts, work, changes, manage, follow, guide):
        app.include_router(router)
    with as_file(files("lumbargrade.serving.reading_room") / "static") as static:
        app.mount("/static", StaticFiles(directory=static), name="static")
    app.add_middleware(Guard, metrics=room.metrics, is_secure=room.is_secure)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(LumbargradeError, _unusable)
    app.add_exception_handler(Exception, _broken)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 401 and not _is_api(request):
        return RedirectResponse("/sign-in", 303)
    return _answer(request, error.status_code, str(error.detail), error.headers)


async def _not_understood(request: Request, _: Exception) -> Response:
    """What was sent is not sent back: it may be anything."""
    return _answer(request, 422, "The request cannot be understood.")


async def _unusable(request: Request, error: Exception) -> Response:
    """A study that cannot be shown: the reader learns that, and the log which kind of fault."""
    LOG.error("%s: a study cannot be shown", type(error).__name__)
    return _answer(request, 500, "This study cannot be shown: tell the coordinator.")


async def _broken(request: Request, error: Exception) -> Response:
    """The log has where it happened, and not what the values were."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    code = None if last is None else last.tb_frame.f_code
    place = "" if code is None or last is None else f"{code.co_filename}:{last.tb_lineno}"
    LOG.error("%s at %s", type(error).__name__, place)
    return _answer(request, 500, "Something is broken: tell the coordinator.")


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _answer(request: Request, status: int, text: str, headers: object = None) -> Response:
    if _is_api(request):
        answer: Response = JSONResponse({"detail": text}, status)
    else:
        answer = page("refused.html", status, here=None, csrf="", text=text)
    if isinstance(headers, dict):
        answer.headers.update(headers)
    return answer
