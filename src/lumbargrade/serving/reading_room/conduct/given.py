"""From the tables to the rules' own words: readings with the names of people and images."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lumbargrade.annotation.reading import GivenGrade
from lumbargrade.annotation.roles import Role
from lumbargrade.grading.finding import Side
from lumbargrade.serving.reading_room.settings import ReadingPlan
from lumbargrade.serving.reading_room.store.models import Person, Reading, Slice, Work


def given_grades(
    session: Session, patient: str | None = None, role: Role | None = None
) -> list[GivenGrade]:
    """Return every reading that was given: all, or those of one study or of people of one role."""
    wanted = (
        select(
            Reading.id,
            Person.name,
            Work.patient,
            Slice.image,
            Slice.frame,
            Work.round,
            Reading.system,
            Reading.side,
            Reading.grade,
            Reading.reason,
            Reading.made_at,
            Reading.supersedes,
            Work.arm,
        )
        .join(Work, Work.id == Reading.work_id)
        .join(Person, Person.id == Work.person_id)
        .join(Slice, Slice.id == Reading.slice_id)
        .order_by(Reading.id)
    )
    if patient is not None:
        wanted = wanted.where(Work.patient == patient)
    if role is not None:
        wanted = wanted.where(Person.role == role.value)
    return [
        GivenGrade(*row[:7], Side(row[7]) if row[7] else None, *row[8:])
        for row in session.execute(wanted)
    ]


def finished_by_readers(session: Session, plan: ReadingPlan) -> dict[str, list[str]]:
    """Return patient -> names of the readers, for studies that every reader has finished once.

    Only these may be adjudicated: before, a grade can still change. There are none before as many
    readers are there as the plan wants.
    """
    readers = list(
        session.execute(
            select(Person.id, Person.name)
            .where(Person.role == Role.READER.value, Person.active)
            .order_by(Person.id)
        )
    )
    if len(readers) < plan.readers:
        return {}
    done: dict[str, set[int]] = {}
    rows = session.execute(
        select(Work.patient, Work.person_id)
        .join(Person, Person.id == Work.person_id)
        .where(Person.role == Role.READER.value, Work.round == 1, Work.finished_at.is_not(None))
        .order_by(Work.patient)
    )
    for patient, person_id in rows:
        done.setdefault(patient, set()).add(person_id)
    ids = {one.id for one in readers}
    names = [one.name for one in readers]
    return {patient: names for patient, people in done.items() if ids <= people}
