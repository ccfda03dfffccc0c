"""The adjudicator's work: studies in which the readers differ, once all of them are through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lumbargrade.annotation.blinding import masked_order
from lumbargrade.annotation.disagreement import Disagreement, disagreements
from lumbargrade.annotation.draw import shuffled
from lumbargrade.annotation.worklist import Assignment
from lumbargrade.serving.reading_room.conduct.given import finished_by_readers, given_grades
from lumbargrade.serving.reading_room.settings import ReadingPlan
from lumbargrade.serving.reading_room.store.people import Account
from lumbargrade.serving.reading_room.store.works import add_works, list_of, slices_of


@dataclass(frozen=True)
class OpenQuestion:
    """What an adjudicator is asked: grades, and not whose they are."""

    slice: int
    system: str
    side: str
    grades: tuple[int | None, ...]


def all_disagreements(session: Session, plan: ReadingPlan) -> list[Disagreement]:
    """Return what readers differ on, in the studies that all of them have finished."""
    ready = finished_by_readers(session, plan)
    if not ready:
        return []
    readers = next(iter(ready.values()))
    given = [one for one in given_grades(session) if one.patient in ready]
    return list(disagreements(given, readers))


def bring_list_up_to_date(session: Session, person: Account, plan: ReadingPlan) -> int:
    """Add the studies with disagreements that an adjudicator's list lacks; return how many."""
    there = {one.patient for one in list_of(session, person.id)}
    patients = {one.patient for one in all_disagreements(session, plan)} - there
    order = shuffled(patients, plan.seed, person.name)
    add_works(session, person.id, [Assignment(one) for one in order])
    return len(order)


def questions(session: Session, patient: str, plan: ReadingPlan) -> list[OpenQuestion]:
    """Return what an adjudicator is asked in one study, the grades in the order that masks them."""
    ready = finished_by_readers(session, plan)
    if patient not in ready:
        return []
    readers = ready[patient]
    numbers = {(one.image, one.frame): one.number for one in slices_of(session, patient)}
    found = disagreements(given_grades(session, patient), readers)
    return sorted(
        (
            OpenQuestion(
                numbers[one.image, one.frame],
                one.system,
                "" if one.side is None else one.side.value,
                _masked(one, readers),
            )
            for one in found
        ),
        key=lambda one: (one.slice, one.system, one.side),
    )


def _masked(one: Disagreement, readers: Sequence[str]) -> tuple[int | None, ...]:
    order = masked_order(readers, one.patient, one.image)
    return tuple(one.grades[reader] for reader in order if reader in one.grades)
