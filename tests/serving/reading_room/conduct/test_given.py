"""From the tables to the rules' own words."""

from __future__ import annotations

from pathlib import Path

from tests.serving.reading_room.made_up_room import MadeUpRoom, made_up_cohort

from lumbargrade.grading.finding import Side
from lumbargrade.serving.reading_room.conduct.given import finished_by_readers, given_grades
from lumbargrade.serving.reading_room.settings import Wished


def test_a_reading_has_the_names_of_people_and_images(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    work = ann.works()[0]
    ann.browser.get(f"/api/work/{work}")
    patient = ann.patient_of(work)
    ann.grade(work, 2, 3, system="LNRC", side="left")
    with room.room.database.reading() as session:
        (one,) = given_grades(session)
        assert given_grades(session, "nobody") == []
    assert (one.reader, one.patient, one.image) == ("Ann", patient, f"1.2.{patient[1]}.2")
    assert (one.system, one.side, one.grade, one.round, one.arm) == (
        "LNRC",
        Side.LEFT,
        3,
        1,
        "plain",
    )


def test_a_study_is_ready_when_as_many_readers_as_planned_are_through(tmp_path: Path) -> None:
    room = MadeUpRoom(tmp_path, Wished(systems=("LDH",), readers=2), made_up_cohort(["p1"]))

    def ready() -> dict[str, list[str]]:
        with room.room.database.reading() as session:
            return finished_by_readers(session, room.room.plan)

    room.add("Ann").read_all({"p1": 1})
    assert ready() == {}  # one of two
    bob = room.add("Bob")
    assert ready() == {}
    bob.read_all({"p1": 1})
    assert ready() == {"p1": ["Ann", "Bob"]}
    room.add("Cem")
    assert ready() == {}  # a third has begun
    room.close()
