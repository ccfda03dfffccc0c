"""Histories are straight lines: the code keeps them so, and the tables would refuse others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.serving.reading_room.made_up_room import MadeUpRoom
from tests.serving.reading_room.store.test_works import SLICES

from lumbargrade.annotation.roles import Role
from lumbargrade.annotation.worklist import Assignment
from lumbargrade.serving.reading_room.store import histories, people, works
from lumbargrade.serving.reading_room.store.histories import (
    OtherChangeError,
    Place,
    SaidBox,
    SaidGrade,
)
from lumbargrade.serving.reading_room.store.models import Reading, Work


@pytest.fixture
def held(room: MadeUpRoom) -> Iterator[tuple[Session, Work, Place]]:
    """A session with a work of two slices, and its first."""
    with room.room.database.writing() as session:
        ann = people.add_person(session, "Ann", Role.READER)
        works.add_works(session, ann.id, [Assignment("p1")])
        works.keep_slices(session, "p1", SLICES)
        session.flush()
        (work,) = works.list_of(session, ann.id)
        yield session, work, Place(work.id, works.slices_of(session, "p1")[0].id)


def test_each_reading_supersedes_the_one_before(held: tuple[Session, Work, Place]) -> None:
    session, work, place = held
    first = histories.append_reading(session, place, "a", SaidGrade("LDH", "", 1))
    second = histories.append_reading(session, place, "b", SaidGrade("LDH", "", None, "artefact"))
    assert histories.append_reading(session, place, "a", SaidGrade("LDH", "", 1)).id == first.id
    assert histories.newest_reading(session) == second.id
    row = session.get(Reading, second.id)
    assert row is not None
    assert (row.turn, row.supersedes) == (2, first.id)
    assert set(histories.current_readings(session, work)) == {(1, "LDH", "")}
    histories.append_reading(session, place, "c", SaidGrade("LDH", "", None))
    assert histories.current_readings(session, work) == {}


def test_a_change_with_another_content_is_refused(held: tuple[Session, Work, Place]) -> None:
    session, _, place = held
    histories.append_reading(session, place, "a", SaidGrade("LDH", "", 1))
    for said in (SaidGrade("LDH", "", 2), SaidGrade("LCCS", "", 1)):
        with pytest.raises(OtherChangeError):
            histories.append_reading(session, place, "a", said)
    box = SaidBox((1, 2, 3, 4), (1, 2, 3, 4))
    first = histories.append_box(session, place, "a", box)
    again = histories.append_box(session, place, "a", box)
    assert (again.id, again.is_new) == (first.id, False)
    with pytest.raises(OtherChangeError):
        histories.append_box(session, place, "a", SaidBox(None, None))


FORKS: list[dict[str, object]] = [
    {"turn": 1},
    {"change": "a"},
    {"system": "LNRC", "supersedes": 1},
]
"""A second first reading, a change of a known name, a second successor."""


@pytest.mark.parametrize("fork", FORKS, ids=str)
def test_the_tables_refuse_a_fork(
    held: tuple[Session, Work, Place], fork: dict[str, object]
) -> None:
    session, _, place = held
    histories.append_reading(session, place, "a", SaidGrade("LDH", "", 1))
    histories.append_reading(session, place, "b", SaidGrade("LDH", "", 2))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(_row(place, {"turn": 9, "change": "c", "supersedes": 2} | fork))


def _row(place: Place, more: dict[str, object]) -> Reading:
    values: dict[str, object] = {
        "work_id": place.work_id, "slice_id": place.slice_id, "system": "LDH", "side": "",
        "grade": 1, "reason": "", "made_at": "",
    }  # fmt: skip
    return Reading(**(values | more))  # type: ignore[arg-type]


def test_boxes_of_several_experts_are_one_for_each_slice(held: tuple[Session, Work, Place]) -> None:
    session, work, place = held
    histories.append_box(session, place, "a", SaidBox((1, 1, 1, 1), (2, 2, 2, 2)))
    histories.append_box(session, place, "b", SaidBox((3, 3, 3, 3), (6, 6, 6, 6)))
    found = histories.current_boxes(session, [work.id])
    assert {number: one.box_mm for number, one in found.items()} == {1: [3, 3, 3, 3]}
    histories.append_box(session, place, "c", SaidBox(None, None))
    assert histories.current_boxes(session, [work.id]) == {}


def test_no_time_is_no_row(held: tuple[Session, Work, Place]) -> None:
    session, _, place = held
    histories.append_time(session, place, 0.0)
    histories.append_time(session, place, 2.0)
    from lumbargrade.serving.reading_room.store.models import SliceTime

    assert [one.seconds for one in session.query(SliceTime)] == [2.0]
