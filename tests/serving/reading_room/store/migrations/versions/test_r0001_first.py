"""The first tables."""

from __future__ import annotations

from lumbargrade.serving.reading_room.store.migrations.versions import r0001_first


def test_it_is_the_first() -> None:
    assert (r0001_first.revision, r0001_first.down_revision) == ("r0001", None)
