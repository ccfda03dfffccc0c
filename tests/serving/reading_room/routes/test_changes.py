"""What a reader says is saved once, in order, and never changed."""

from __future__ import annotations

from tests.serving.reading_room.made_up_room import MadeUpRoom


def test_first(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    works = ann.works()
    assert len(works) == 3
    assert ann.browser.get(f"/api/work/{works[0]}").status_code == 200
    done = ann.grade(works[0])
    assert done.status_code == 200, done.text
