"""What a reader says is saved once, in order, and never changed."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.serving.reading_room.made_up_room import MadeUpRoom, Person, made_up_cohort
from tests.serving.reading_room.made_up_study import study_under_way

from lumbargrade.annotation.reading import current
from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.conduct.given import given_grades
from lumbargrade.serving.reading_room.settings import Wished
from lumbargrade.serving.reading_room.store.models import Box, Reading, SliceTime


@pytest.fixture
def ann(room: MadeUpRoom) -> Person:
    """A reader who has opened the first study of her list."""
    found = room.add("Ann")
    found.browser.get(f"/api/work/{found.works()[0]}")
    return found


def rows(room: MadeUpRoom) -> list[tuple[int | None, str, int, int | None]]:
    with room.room.database.reading() as session:
        found = session.scalars(select(Reading).order_by(Reading.id))
        return [(one.grade, one.reason, one.turn, one.supersedes) for one in found]


def shown(person: Person, work: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.browser.get(f"/api/work/{work}").json()["readings"]
    return found


def test_a_reading_is_superseded_and_stays(room: MadeUpRoom, ann: Person) -> None:
    work = ann.works()[0]
    first = ann.grade(work, grade=1).json()["id"]
    second = ann.grade(work, grade=None, reason=" artefact ").json()["id"]
    ann.grade(work, grade=None)
    assert rows(room) == [(1, "", 1, None), (None, "artefact", 2, first), (None, "", 3, second)]
    assert shown(ann, work) == []
    ann.grade(work, grade=3)
    assert shown(ann, work) == [
        {"slice": 1, "system": "LDH", "side": None, "grade": 3, "reason": ""}
    ]
    with room.room.database.reading() as session:
        (one,) = current(given_grades(session))
    assert (one.reader, one.grade) == ("Ann", 3)


def test_sides_and_slices_have_histories_of_their_own(room: MadeUpRoom, ann: Person) -> None:
    work = ann.works()[0]
    for number in (1, 2):
        for side in ("left", "right"):
            assert ann.grade(work, number, system="LNRC", side=side).status_code == 200
    assert [row[2] for row in rows(room)] == [1, 1, 1, 1]
    assert len(shown(ann, work)) == 4


def test_the_same_change_is_saved_once(room: MadeUpRoom, ann: Person) -> None:
    work, change = ann.works()[0], str(uuid.uuid4())
    first = ann.grade(work, grade=2, change=change, seconds=4)
    ann.grade(work, grade=1)
    again = ann.grade(work, grade=2, change=change, seconds=4)
    assert first.json() == again.json()
    assert [row[0] for row in rows(room)] == [2, 1]
    other = ann.grade(work, grade=3, change=change)
    assert other.status_code == 409
    assert other.json()["detail"] == "This change was saved with another content."
    with room.room.database.reading() as session:
        assert list(session.scalars(select(SliceTime.seconds))) == [4]


def test_two_tabs_at_once_leave_a_straight_history(room: MadeUpRoom, ann: Person) -> None:
    work = ann.works()[0]
    answers: list[int] = []

    def tab(grade: int) -> None:
        for _ in range(10):
            answers.append(ann.grade(work, grade=grade).status_code)

    tabs = [threading.Thread(target=tab, args=(grade,)) for grade in (0, 1, 2, 3)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert answers == [200] * 40
    assert [row[2] for row in rows(room)] == list(range(1, 41))
    with room.room.database.reading() as session:
        assert len(current(given_grades(session))) == 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"system": "NOSUCH"}, 422),
        ({"system": "LDH", "side": "left"}, 422),
        ({"system": "LNRC", "side": None}, 422),
        ({"grade": 4}, 422),
        ({"grade": -1}, 422),
        ({"grade": 1, "reason": "and why not"}, 422),
        ({"number": 3}, 404),
        ({"number": 0}, 422),
        ({"number": 2**40}, 422),
        ({"change": "no uuid"}, 422),
        ({"seconds": -1}, 422),
        ({"reason": "a\x00b", "grade": None}, 422),
        ({"reason": "x" * 501, "grade": None}, 422),
        ({"more": 1}, 422),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    room: MadeUpRoom, ann: Person, content: dict[str, Any], status: int
) -> None:
    assert ann.grade(ann.works()[0], **content).status_code == status
    assert rows(room) == []


@pytest.mark.parametrize(
    "more", ['"grade": 1, "seconds": NaN', '"grade": null, "reason": "\\ud800"']
)
def test_what_json_can_hold_and_no_database_is_refused(ann: Person, more: str) -> None:
    change = "0b8b7a5e-9a3b-4a5e-8a5e-0b8b7a5e9a3b"
    text = f'{{"change": "{change}", "slice": 1, "system": "LDH", {more}}}'
    headers = {"X-CSRF-Token": ann.csrf, "Content-Type": "application/json"}
    path = f"/api/work/{ann.works()[0]}/readings"
    assert ann.browser.put(path, content=text, headers=headers).status_code == 422


def test_a_study_that_was_never_opened_has_no_slices_yet(ann: Person) -> None:
    assert ann.grade(ann.works()[1]).status_code == 404


def test_times_are_added_up(room: MadeUpRoom, ann: Person) -> None:
    work = ann.works()[0]
    headers = {"X-CSRF-Token": ann.csrf}
    path = f"/api/work/{work}/time"
    answer = ann.browser.put(path, json={"slice": 1, "seconds": 2.5}, headers=headers)
    assert answer.json() == {"saved": True}
    ann.grade(work, seconds=1.5)
    with room.room.database.reading() as session:
        assert sorted(session.scalars(select(SliceTime.seconds))) == [1.5, 2.5]


def test_a_work_is_finished_when_nothing_is_missing_and_then_closed(
    room: MadeUpRoom, ann: Person
) -> None:
    work = ann.works()[0]
    missing = ann.finish(work)
    assert missing.status_code == 409
    assert len(missing.json()["missing"]) == 2 * 4
    assert {"slice": 2, "system": "LNRC", "side": "right"} in missing.json()["missing"]
    for one in missing.json()["missing"]:
        ann.grade(work, one["slice"], 0, system=one["system"], side=one["side"])
    assert ann.finish(work).json() == {"finished": True}
    assert ann.finish(work).status_code == 200
    closed = ann.grade(work)
    assert closed.status_code == 409
    assert ann.browser.get(f"/api/work/{work}").json()["work"]["finished"] is True
    assert ann.post(f"/work/{work}/reopen").headers["location"] == f"/work/{work}"
    assert ann.grade(work).status_code == 200


def test_what_an_adjudicator_may_have_seen_stays_closed(room: MadeUpRoom, ann: Person) -> None:
    bob = room.add("Bob")
    for person in (ann, bob):
        for work in person.works():
            person.browser.get(f"/api/work/{work}")
            for one in person.finish(work).json()["missing"]:
                person.grade(work, one["slice"], 1, system=one["system"], side=one["side"])
            person.finish(work)
    answer = ann.post(f"/work/{ann.works()[0]}/reopen")
    assert answer.status_code == 409
    assert "All readers have finished this study" in answer.text


def test_a_box_is_kept_as_shown_and_as_stored(room: MadeUpRoom) -> None:
    eve = room.add("Eve", Role.EXPERT)
    work = eve.works()[0]
    eve.browser.get(f"/api/work/{work}")
    path = f"/api/work/{work}/boxes"
    change = str(uuid.uuid4())
    first = eve.put(path, slice=1, box=[1, 2, 3.5, 4], change=change)
    assert eve.put(path, slice=1, box=[1, 2, 3.5, 4], change=change).json() == first.json()
    assert eve.put(path, slice=1, box=[9, 2, 3.5, 4], change=change).status_code == 409
    assert eve.browser.get(f"/api/work/{work}").json()["boxes"] == [
        {"slice": 1, "box": [1, 2, 3.5, 4]}
    ]
    assert eve.finish(work).json() == {"missing": [{"slice": 2, "system": "BOX", "side": None}]}
    assert eve.put(path, slice=1, box=None).status_code == 200
    assert eve.browser.get(f"/api/work/{work}").json()["boxes"] == []
    with room.room.database.reading() as session:
        found = [(one.turn, one.box_px) for one in session.scalars(select(Box))]
    assert found == [(1, [2, 4, 7, 8]), (2, None)]
    for box in ([1, 2, 0, 4], [1, 2, 3], [1, 2, 3, 1e9], "box"):
        assert eve.put(path, slice=1, box=box).status_code == 422
    assert eve.put(path, slice=9, box=[1, 2, 3, 4]).status_code == 404


def test_an_expert_opens_again_at_any_time(room: MadeUpRoom) -> None:
    eve = room.add("Eve", Role.EXPERT)
    work = eve.works()[0]
    eve.browser.get(f"/api/work/{work}")
    for number in (1, 2):
        eve.put(f"/api/work/{work}/boxes", slice=number, box=[1, 2, 3, 4])
    assert eve.finish(work).status_code == 200
    assert eve.post(f"/work/{work}/reopen").status_code == 303


def test_an_adjudicator_settles_what_readers_differ_on_and_nothing_else(tmp_path: Path) -> None:
    study = study_under_way(tmp_path)
    jud, bob = study.people["Jud"], study.people["Bob"]
    (work,) = jud.works()
    jud.browser.get(f"/api/work/{work}")
    assert len(jud.finish(work).json()["missing"]) == 2
    assert jud.grade(work, 1, 2).status_code == 200
    assert jud.grade(work, 2, None, reason="artefact").status_code == 200
    assert jud.finish(work).status_code == 200
    assert jud.grade(bob.works()[0], 1, 2).status_code == 404
    study.room.close()


def test_an_adjudicator_cannot_grade_where_the_readers_agree(tmp_path: Path) -> None:
    room = MadeUpRoom(tmp_path, Wished(systems=("LDH", "LCCS")), made_up_cohort(["p1"]))
    people = room.add("Ann"), room.add("Bob")
    for grade, person in enumerate(people):
        (work,) = person.works()
        person.browser.get(f"/api/work/{work}")
        for number in (1, 2):
            person.grade(work, number, grade)
            person.grade(work, number, 1, system="LCCS")
        assert person.finish(work).status_code == 200
    jud = room.add("Jud", Role.ADJUDICATOR)
    (work,) = jud.works()
    answer = jud.grade(work, 1, 2, system="LCCS")
    assert (answer.status_code, answer.json()["detail"]) == (403, "The readers do not differ here.")
    assert jud.grade(work, 1, 2).status_code == 200
    room.close()


def test_a_system_is_read_of_its_own_unit_and_boxes_are_of_slices(tmp_path: Path) -> None:
    room = MadeUpRoom(tmp_path, Wished(systems=("LDH", "PFIRRMANN")))
    ann, eve = room.add("Ann"), room.add("Eve", Role.EXPERT)
    (work, *_), (drawn, *_) = ann.works(), eve.works()
    ann.browser.get(f"/api/work/{work}")
    eve.browser.get(f"/api/work/{drawn}")
    assert ann.grade(work, 3, 4, system="PFIRRMANN").status_code == 200
    for number, system, unit in ((3, "LDH", "disc"), (1, "PFIRRMANN", "slice")):
        refused = ann.grade(work, number, 1, system=system)
        assert refused.status_code == 422
        assert f"not read of a {unit}" in refused.text
    assert eve.put(f"/api/work/{drawn}/boxes", slice=3, box=[1, 2, 3, 4]).status_code == 404
    assert eve.put(f"/api/work/{drawn}/boxes", slice=1, box=[1, 2, 3, 4]).status_code == 200
    room.close()
