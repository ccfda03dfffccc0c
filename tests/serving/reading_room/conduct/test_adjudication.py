"""An adjudicator is asked what readers differ on, once all of them are through."""

from __future__ import annotations

from pathlib import Path

from tests.serving.reading_room.made_up_room import MadeUpRoom, made_up_cohort
from tests.serving.reading_room.made_up_study import study_under_way

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.conduct.adjudication import all_disagreements, questions
from lumbargrade.serving.reading_room.settings import Wished


def test_the_list_is_brought_up_to_date_when_it_is_asked_for(tmp_path: Path) -> None:
    room = MadeUpRoom(tmp_path, Wished(systems=("LDH",)), made_up_cohort(["p1", "p2"]))
    ann, bob = room.add("Ann"), room.add("Bob")
    jud = room.add("Jud", Role.ADJUDICATOR)
    ann.read_all({"p1": 1, "p2": 1})
    assert jud.works() == []
    bob.read_all({"p1": 2, "p2": 1})
    assert len(jud.works()) == 1
    assert len(jud.works()) == 1
    room.close()


def test_grades_are_asked_about_without_an_order_that_tells(tmp_path: Path) -> None:
    """With Ann at 1 and Bob at 2 everywhere, either may come first, also within a study."""
    patients = [f"p{number}" for number in range(12)]
    room = MadeUpRoom(tmp_path, Wished(systems=("LDH",)), made_up_cohort(patients, slices=2))
    room.add("Ann").read_all(dict.fromkeys(patients, 1))
    room.add("Bob").read_all(dict.fromkeys(patients, 2))
    with room.room.database.reading() as session:
        found = [questions(session, one, room.room.plan) for one in patients]
    orders = [{one.grades for one in of_study} for of_study in found]
    assert set().union(*orders) == {(1, 2), (2, 1)}
    assert any(len(one) == 2 for one in orders)
    room.close()


def test_what_cannot_be_graded_differs_from_a_grade(tmp_path: Path) -> None:
    study = study_under_way(tmp_path)
    with study.room.room.database.reading() as session:
        found = all_disagreements(session, study.room.room.plan)
        assert questions(session, "p2", study.room.room.plan) == []
        assert questions(session, "nobody", study.room.room.plan) == []
    assert {tuple(one.grades.values()) for one in found} == {(1, 2), (1, None)}
    study.room.close()
