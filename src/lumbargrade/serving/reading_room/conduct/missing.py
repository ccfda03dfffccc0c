"""What a work still lacks before it can be finished."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lumbargrade.annotation.roles import Deed, Role, may_do
from lumbargrade.grading.system import Unit
from lumbargrade.serving.reading_room.conduct.adjudication import questions
from lumbargrade.serving.reading_room.settings import ReadingPlan
from lumbargrade.serving.reading_room.store.histories import current_boxes, current_readings
from lumbargrade.serving.reading_room.store.models import Work
from lumbargrade.serving.reading_room.store.works import slices_of

BOX = "BOX"
"""Stands for the system where a box is missing."""


@dataclass(frozen=True)
class Missing:
    """One thing that was not said yet; ``side`` is empty for a system without sides."""

    slice: int
    system: str
    side: str


def missing_of(session: Session, work: Work, role: Role, plan: ReadingPlan) -> list[Missing]:
    """Return what a work lacks: grades, a box for each slice, or answers to open questions."""
    if may_do(role, Deed.DRAW_BOX):
        drawn = current_boxes(session, [work.id])
        numbers = [one.number for one in slices_of(session, work.patient) if one.unit == Unit.SLICE]
        return [Missing(number, BOX, "") for number in numbers if number not in drawn]
    said = current_readings(session, work)
    if may_do(role, Deed.ADJUDICATE):
        wanted = [
            (one.slice, one.system, one.side) for one in questions(session, work.patient, plan)
        ]
    else:
        wanted = [
            (one.number, code, "" if side is None else side.value)
            for one in slices_of(session, work.patient)
            for code, system in plan.systems.items()
            if system.unit == one.unit
            for side in system.sides
        ]
    return [Missing(*key) for key in wanted if key not in said]
