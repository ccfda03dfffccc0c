"""Accounts and links."""

from __future__ import annotations

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.annotation.roles import Role
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.store import people


def test_a_name_belongs_to_one(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        ann = people.add_person(session, "Ann", Role.READER)
        with pytest.raises(ReadingError, match="the name aNN is taken: choose another one"):
            people.add_person(session, "aNN", Role.EXPERT)
        with pytest.raises(ReadingError, match="a name has 1 to 80 characters"):
            people.add_person(session, " \x00 ", Role.EXPERT)
        with pytest.raises(ReadingError, match="this is how tables name a second reading"):
            people.add_person(session, "Ann again", Role.READER)
        assert people.named(session, "  ANN ") is ann
        assert people.named(session, "Nobody") is None


def test_turns_count_readers_alone(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        turns = [
            people.turn_of(session, people.add_person(session, name, role))
            for name, role in (("A", Role.READER), ("E", Role.EXPERT), ("B", Role.READER))
        ]
    assert turns == [0, 0, 1]


def test_a_link_is_over_after_two_weeks(room: MadeUpRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    with room.room.database.writing() as session:
        ann = people.add_person(session, "Ann", Role.READER)
        token = people.new_link(session, ann)
        assert people.of_link(session, token) is ann
        assert people.of_link(session, "other") is None
        monkeypatch.setattr(people, "LINK_HOLDS", -people.LINK_HOLDS)
        assert people.of_link(session, people.new_link(session, ann)) is None


def test_who_is_shut_out_is_signed_out(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        ann = people.add_person(session, "Ann", Role.READER)
        token = people.sign_in(session, ann)
        account = people.signed_in(session, token)
        assert account is not None
        assert (account.name, account.role, account.is_unseen) == ("Ann", Role.READER, False)
        people.shut_out(session, ann)
        assert people.signed_in(session, token) is None
        assert people.named(session, "Ann") is None
        assert people.of_role(session, Role.READER) == []
        assert people.of_role(session, Role.READER, active=False) == [ann]
