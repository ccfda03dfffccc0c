"""How long a grade took: the time of a slice, shared by what was graded on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lumbargrade.annotation.reading import GivenGrade, current
from lumbargrade.serving.reading_room.store.models import Reading, SliceTime


def seconds_of_grades(session: Session, given: Sequence[GivenGrade]) -> dict[int, float]:
    """Return id -> seconds of each reading that stands; those of untimed slices are absent.

    ``given`` are all readings of the room. A slice on which four things were graded in 20 s took
    5 s a grade, in the unit of ``reader-study assisted``.
    """
    standing = {one.id for one in current(given) if one.says_something}
    rows = session.execute(select(Reading.id, Reading.work_id, Reading.slice_id))
    slices = {number: (work, slice_) for number, work, slice_ in rows if number in standing}
    shared = Counter(slices.values())
    spent = {
        (work, slice_): float(seconds)
        for work, slice_, seconds in session.execute(
            select(SliceTime.work_id, SliceTime.slice_id, func.sum(SliceTime.seconds)).group_by(
                SliceTime.work_id, SliceTime.slice_id
            )
        )
    }
    return {
        number: spent[place] / shared[place] for number, place in slices.items() if place in spent
    }
