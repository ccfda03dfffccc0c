"""How far everybody is, and how long they take."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lumbargrade.annotation.roles import Deed, Role, may_do
from lumbargrade.serving.reading_room.store.models import Person, SliceTime, Work


@dataclass(frozen=True)
class Progress:
    """How far one person is.

    ``slices`` are those on which time was spent, ``seconds`` the median of it; None before any was.
    """

    name: str
    role: str
    active: bool
    done: int
    total: int
    slices: int
    seconds: float | None


def progress_of_all(session: Session) -> list[Progress]:
    """Return everybody's progress who reads something, in the order in which they were added."""
    counts = {
        person_id: (done, total)
        for person_id, done, total in session.execute(
            select(Work.person_id, func.count(Work.finished_at), func.count()).group_by(
                Work.person_id
            )
        )
    }
    seconds: dict[int, list[float]] = defaultdict(list)
    for person_id, spent in session.execute(
        select(Work.person_id, func.sum(SliceTime.seconds))
        .join(Work, Work.id == SliceTime.work_id)
        .group_by(Work.person_id, SliceTime.work_id, SliceTime.slice_id)
    ):
        seconds[person_id].append(spent)
    return [
        Progress(
            one.name,
            one.role,
            one.active,
            *counts.get(one.id, (0, 0)),
            len(seconds[one.id]),
            median(seconds[one.id]) if seconds[one.id] else None,
        )
        for one in session.scalars(select(Person).order_by(Person.id))
        if not may_do(Role(one.role), Deed.MANAGE)
    ]
