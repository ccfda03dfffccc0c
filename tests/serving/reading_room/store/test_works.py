"""Work lists and the slices of studies."""

from __future__ import annotations

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.annotation.roles import Role
from lumbargrade.annotation.worklist import Assignment
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.shown import ShownSlice
from lumbargrade.serving.reading_room.store import people, works

SLICES = [ShownSlice(1, "1.2.1", 1, "L4/L5"), ShownSlice(2, "1.2.2", 3, None)]


def test_lists_grow_at_their_end(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        ann = people.add_person(session, "Ann", Role.READER)
        bob = people.add_person(session, "Bob", Role.READER)
        works.add_works(session, ann.id, [Assignment("p2"), Assignment("p1", assisted=True)])
        works.add_works(session, ann.id, [Assignment("p2", 2)])
        found = works.list_of(session, ann.id)
        assert [(one.patient, one.round, one.arm, one.place) for one in found] == [
            ("p2", 1, "plain", 1),
            ("p1", 1, "assisted", 2),
            ("p2", 2, "plain", 3),
        ]
        assert works.own_work(session, ann.id, found[0].id, lock=True) is found[0]
        assert works.own_work(session, bob.id, found[0].id) is None
        assert works.next_after(session, found[0]) is found[1]
        found[1].finished_at = "now"
        session.flush()
        assert works.next_after(session, found[0]) is found[2]
        assert works.next_after(session, found[2]) is None


def test_slices_keep_their_numbers(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        assert works.slices_of(session, "p1") == []
        works.keep_slices(session, "p1", SLICES)
        works.keep_slices(session, "p1", SLICES)
        found = works.slices_of(session, "p1")
        assert [(one.image, one.frame, one.level) for one in found] == [
            ("1.2.1", 1, "L4/L5"),
            ("1.2.2", 3, None),
        ]
        assert works.slice_of(session, "p1", 2) is found[1]
        assert works.slice_of(session, "p1", 3) is None
        with pytest.raises(ReadingError, match="shows other slices than when it was first opened"):
            works.keep_slices(session, "p1", SLICES[:1])


def test_a_work_is_held_with_one_of_its_slices(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        ann = people.add_person(session, "Ann", Role.READER)
        works.add_works(session, ann.id, [Assignment("p1")])
        (work,) = works.list_of(session, ann.id)
        works.keep_slices(session, "p1", SLICES)
        session.flush()
        held = works.held(session, ann.id, work.id, 2)
        assert held is not None
        assert (held.patient, held.is_finished) == ("p1", False)
        assert held.slice_id == works.slices_of(session, "p1")[1].id
        missing = works.held(session, ann.id, work.id, 9)
        assert missing is not None
        assert missing.slice_id is None
        assert works.held(session, ann.id + 1, work.id, 2) is None
