"""The audit log is written with what it is about."""

from __future__ import annotations

from sqlalchemy import select
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.serving.reading_room.store.audit import Noted, Who, note
from lumbargrade.serving.reading_room.store.models import Audit


def test_a_line_is_cut_to_its_column(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        note(session, Who(None, "a" * 99), Noted.EXPORTED, "x" * 500)
    with room.room.database.reading() as session:
        line = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert line is not None
    assert (line.deed, line.about, line.address) == ("exported", "x" * 120, "a" * 45)


def test_the_start_of_a_reading_is_in_the_log(room: MadeUpRoom) -> None:
    with room.room.database.reading() as session:
        assert list(session.scalars(select(Audit.deed))) == ["link made", "planned"]


def test_every_word_fits_its_column() -> None:
    assert max(len(one.value) for one in Noted) <= 24
