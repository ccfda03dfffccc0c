"""Two rooms in one browser do not sign each other out."""

from __future__ import annotations

from dataclasses import replace

from tests.serving.reading_room.made_up_room import MadeUpRoom


def test_the_cookie_is_named_for_the_cohort_and_bound_to_https(room: MadeUpRoom) -> None:
    assert room.room.cookie == "room-c0ffeec0"
    assert replace(room.room, is_secure=True).cookie == "__Host-room-c0ffeec0"
