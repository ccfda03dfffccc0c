"""What a work lacks."""

from __future__ import annotations

from pathlib import Path

from tests.serving.reading_room.made_up_room import MadeUpRoom, Person

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.conduct.missing import BOX, Missing, missing_of
from lumbargrade.serving.reading_room.settings import Wished
from lumbargrade.serving.reading_room.store.models import Work


def missing(room: MadeUpRoom, person: Person, work: int) -> list[Missing]:
    with room.room.database.reading() as session:
        found = session.get(Work, work)
        assert found is not None
        return missing_of(session, found, person.role, room.room.plan)


def test_a_reader_owes_every_output_of_every_slice(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    work = ann.works()[0]
    ann.browser.get(f"/api/work/{work}")
    assert len(missing(room, ann, work)) == 8
    ann.grade(work, 1, None, reason="artefact")
    ann.grade(work, 2, 1, system="LNRC", side="right")
    left = missing(room, ann, work)
    assert len(left) == 6
    assert Missing(2, "LNRC", "left") in left
    ann.grade(work, 1, None)  # taken back
    assert Missing(1, "LDH", "") in missing(room, ann, work)


def test_an_expert_owes_a_box_for_every_slice(room: MadeUpRoom) -> None:
    eve = room.add("Eve", Role.EXPERT)
    work = eve.works()[0]
    eve.browser.get(f"/api/work/{work}")
    eve.put(f"/api/work/{work}/boxes", slice=1, box=[1, 2, 3, 4])
    assert missing(room, eve, work) == [Missing(2, BOX, "")]


def test_a_reader_owes_each_unit_its_own_systems(tmp_path: Path) -> None:
    room = MadeUpRoom(tmp_path, Wished(systems=("LDH", "PFIRRMANN")))
    ann, eve = room.add("Ann"), room.add("Eve", Role.EXPERT)
    for person in (ann, eve):
        person.browser.get(f"/api/work/{person.works()[0]}")
    assert missing(room, ann, ann.works()[0]) == [
        Missing(1, "LDH", ""),
        Missing(2, "LDH", ""),
        *(Missing(number, "PFIRRMANN", "") for number in range(3, 8)),
    ]
    assert missing(room, eve, eve.works()[0]) == [Missing(1, BOX, ""), Missing(2, BOX, "")]
    room.close()
