"""How far everybody is."""

from __future__ import annotations

from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.conduct.progress import Progress, progress_of_all


def test_the_median_is_of_what_was_spent_on_each_slice(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    room.add("Cora", Role.COORDINATOR)
    first, second, _ = ann.works()
    for work in (first, second):
        ann.browser.get(f"/api/work/{work}")
    ann.grade(first, 1, seconds=2)
    ann.grade(first, 1, 2, seconds=3)  # 5 s on this slice
    ann.grade(first, 2, seconds=9)
    ann.grade(second, 1, seconds=6)
    with room.room.database.reading() as session:
        assert progress_of_all(session) == [Progress("Ann", "reader", True, 0, 3, 3, 6.0)]
