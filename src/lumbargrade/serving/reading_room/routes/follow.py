"""How the reading goes: the coordinator's page, the same as data, and tables to take away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from lumbargrade.annotation.blinding import Thing
from lumbargrade.serving.reading_room.conduct.agreement import AgreementRow
from lumbargrade.serving.reading_room.conduct.exports import Table, export
from lumbargrade.serving.reading_room.conduct.progress import Progress, progress_of_all
from lumbargrade.serving.reading_room.pages import page
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.access import Here, InRoom, sees
from lumbargrade.serving.reading_room.store import audit

follow = APIRouter()


@dataclass(frozen=True)
class Followed:
    """What a coordinator follows."""

    people: list[Progress]
    agreement: list[AgreementRow]
    repeats: list[AgreementRow]


@follow.get("/progress", dependencies=[Depends(sees(Thing.PROGRESS, Thing.AGREEMENT))])
def progress_page(room: InRoom, here: Here) -> Response:
    """Show how far everybody is, how well they agree, and what can be exported."""
    return page(
        "progress.html",
        here=here,
        csrf=here.csrf,
        plan=room.plan,
        studies=len(room.patients),
        tables=[one.value for one in Table],
        followed=_followed(room),
    )


@follow.get("/api/progress", dependencies=[Depends(sees(Thing.PROGRESS, Thing.AGREEMENT))])
def progress(room: InRoom) -> dict[str, Any]:
    """Return what the page shows, as data."""
    return asdict(_followed(room))


@follow.get("/export/{table}.csv", dependencies=[Depends(sees(Thing.EXPORTS))])
def exported(room: InRoom, here: Here, table: Table) -> Response:
    """Return a table as CSV."""
    with room.database.writing() as session:
        audit.note(session, here.who, audit.Noted.EXPORTED, table.value)
    with room.database.reading() as session:
        content = export(session, room.plan, table)
    name = f"attachment; filename={table.value}.csv"
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": name},
    )


def _followed(room: Room) -> Followed:
    with room.database.reading() as session:
        agreement, repeats = room.followed.rows(session, room.plan)
        return Followed(progress_of_all(session), agreement, repeats)
