"""The tables hold what the code keeps."""

from __future__ import annotations

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.clock import now_text
from lumbargrade.serving.reading_room.security.tokens import digest
from lumbargrade.serving.reading_room.store.models import Base, Person


def test_times_and_digests_fit_their_columns() -> None:
    assert len(now_text()) == 24
    assert len(digest("x")) == 64
    assert max(len(one.value) for one in Role) <= 16


def test_every_constraint_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        assert all(one.name for one in table.constraints)


def test_a_new_person_is_active_and_has_no_password() -> None:
    person = Person(name="Ann", role="reader", made_at=now_text())
    assert (person.active, person.password) == (True, None)
