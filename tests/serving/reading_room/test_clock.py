"""Times sort as texts."""

from __future__ import annotations

from datetime import timedelta

from lumbargrade.serving.reading_room.clock import as_text, now, now_text


def test_times_have_one_length_and_sort() -> None:
    early, late = now_text(-timedelta(seconds=1)), now_text(timedelta(seconds=1))
    assert early < as_text(now()) < late
    assert {len(early), len(late)} == {24}
