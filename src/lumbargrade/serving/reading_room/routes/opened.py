"""A study as it is opened: what its reader may see of it, and nothing else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lumbargrade.annotation.blinding import Thing, may_see
from lumbargrade.annotation.reading import ASSISTED
from lumbargrade.annotation.roles import Deed, Role, may_do
from lumbargrade.phantom.schematic.example import DRAWN
from lumbargrade.serving.reading_room.conduct.adjudication import questions
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.store import histories, works
from lumbargrade.serving.reading_room.store.models import Person, Work


def opened(room: Room, role: Role, work: Work) -> dict[str, Any]:
    """Return a work as the viewer takes it.

    Raises ReadingError if the study shows other slices than when it was first opened, and whatever
    the pictures raise.
    """
    view = room.pictures.view(work.patient)
    _keep_slices(room, work)
    assisted = work.arm == ASSISTED
    with room.database.reading() as session:
        answer = {
            "work": {
                "id": work.id,
                # Whose study it is, or that it comes again, reminds a reader of the first time.
                "name": f"Study {work.place}" if role is Role.READER else work.patient,
                "arm": work.arm,
                "role": role.value,
                "finished": work.finished_at is not None,
            },
            "systems": [] if may_do(role, Deed.DRAW_BOX) else _systems(room),
            "view": view,
            "readings": _readings(session, work) if may_see(role, Thing.OWN_READINGS) else [],
            "boxes": _boxes(session, role, work) if may_see(role, Thing.BOXES) else [],
            "disagreements": (
                _questions(session, room, work) if may_do(role, Deed.ADJUDICATE) else []
            ),
            "proposals": [],
        }
    if may_see(role, Thing.MODEL_GRADES, assisted):
        answer["proposals"] = _proposals(room, work)
    return answer


def _keep_slices(room: Room, work: Work) -> None:
    shown = room.pictures.slices(work.patient)
    with room.database.writing() as session:
        works.keep_slices(session, work.patient, shown)


def _systems(room: Room) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "name": one.name,
            "per_side": one.per_side,
            "unit": one.unit.value,
            "drawn": one.code in DRAWN,
            "grades": [
                {"value": grade.value, "key": key, "name": grade.name, "help": grade.help_text}
                for grade, key in zip(one.grades, one.written, strict=True)
            ],
        }
        for one in room.plan.systems.values()
    ]


def _readings(session: Session, work: Work) -> list[dict[str, Any]]:
    return [
        {
            "slice": number,
            "system": system,
            "side": side or None,
            "grade": one.grade,
            "reason": one.reason,
        }
        for (number, system, side), one in histories.current_readings(session, work).items()
    ]


def _boxes(session: Session, role: Role, work: Work) -> list[dict[str, Any]]:
    """The expert's own; for whoever grades, those that any expert has drawn."""
    own = may_do(role, Deed.DRAW_BOX)
    if own:
        ids = [work.id]
    else:
        experts = (
            select(Work.id)
            .join(Person, Person.id == Work.person_id)
            .where(Work.patient == work.patient, Person.role == Role.EXPERT.value)
        )
        ids = list(session.scalars(experts))
    boxes = histories.current_boxes(session, ids)
    return [{"slice": number, "box": one.box_mm} for number, one in sorted(boxes.items())]


def _questions(session: Session, room: Room, work: Work) -> list[dict[str, Any]]:
    return [
        {
            "slice": one.slice,
            "system": one.system,
            "side": one.side or None,
            "grades": list(one.grades),
        }
        for one in questions(session, work.patient, room.plan)
    ]


def _proposals(room: Room, work: Work) -> list[dict[str, Any]]:
    return [
        {
            "slice": one.slice,
            "system": one.system,
            "side": one.side and one.side.value,
            "grade": one.grade,
            "percent": one.percent,
        }
        for one in room.pictures.proposals(work.patient)
        if one.system in room.plan.systems
    ]
