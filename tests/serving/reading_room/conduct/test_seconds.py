"""The time of a slice is shared by its grades, and goes into the studies of readers."""

from __future__ import annotations

from pathlib import Path

from tests.serving.reading_room.made_up_room import MadeUpRoom, made_up_cohort

from lumbargrade.serving.reading_room.conduct.given import given_grades
from lumbargrade.serving.reading_room.conduct.seconds import seconds_of_grades
from lumbargrade.serving.reading_room.settings import Wished


def test_a_slice_is_shared_by_what_stands_on_it(tmp_path: Path) -> None:
    wished = Wished(seed=1, systems=("LDH", "LCCS"))
    room = MadeUpRoom(tmp_path, wished, made_up_cohort(["p1"], slices=2))
    ann = room.add("Ann")
    (work,) = ann.works()
    ann.browser.get(f"/api/work/{work}")
    for system, grade, seconds in (("LDH", 1, 3.0), ("LDH", 2, 1.0), ("LCCS", 0, 2.0)):
        ann.put(
            f"/api/work/{work}/readings",
            slice=1, system=system, side=None, grade=grade, reason="", seconds=seconds,
        )  # fmt: skip
    ann.put(
        f"/api/work/{work}/readings",
        slice=2, system="LDH", side=None, grade=1, reason="", seconds=0,
    )  # fmt: skip
    with room.room.database.reading() as session:
        given = given_grades(session)
        found = seconds_of_grades(session, given)
    said = {one.id: (one.system, one.grade) for one in given}
    # The first LDH grade was superseded: its time stays with the slice.
    assert {said[number]: seconds for number, seconds in found.items()} == {
        ("LDH", 2): 3.0,
        ("LCCS", 0): 3.0,
    }
    room.close()
