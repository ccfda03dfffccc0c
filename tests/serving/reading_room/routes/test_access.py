"""Every route and every role: who is let in, and what they never get to see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.serving.reading_room.made_up_room import MadeUpRoom, Person
from tests.serving.reading_room.made_up_study import SECRET_REASON, Study, study_under_way

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.store.models import Audit

EVERYBODY = frozenset(Role)
READS = frozenset({Role.EXPERT, Role.READER, Role.ADJUDICATOR})
GRADES = frozenset({Role.READER, Role.ADJUDICATOR})
MANAGES = frozenset({Role.COORDINATOR})
PUBLIC = None
"""Also for who is not signed in."""

DOORS: dict[tuple[str, str], frozenset[Role] | None] = {
    ("GET", "/health"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/static/viewer/{name}"): PUBLIC,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("GET", "/password"): PUBLIC,
    ("POST", "/password"): PUBLIC,
    ("GET", "/"): EVERYBODY,
    ("POST", "/sign-out"): EVERYBODY,
    ("GET", "/guide/{code}"): EVERYBODY,
    ("GET", "/guide/{code}/{grade}.svg"): EVERYBODY,
    ("GET", "/work"): READS,
    ("GET", "/work/{work_id}"): READS,
    ("POST", "/work/{work_id}/reopen"): READS,
    ("GET", "/api/work/{work_id}"): READS,
    ("GET", "/api/work/{work_id}/pixels/{number}"): READS,
    ("GET", "/api/work/{work_id}/sagittal"): READS,
    ("GET", "/api/work/{work_id}/planes/{number}"): READS,
    ("PUT", "/api/work/{work_id}/readings"): GRADES,
    ("PUT", "/api/work/{work_id}/boxes"): frozenset({Role.EXPERT}),
    ("PUT", "/api/work/{work_id}/time"): READS,
    ("POST", "/api/work/{work_id}/finish"): READS,
    ("GET", "/people"): MANAGES,
    ("POST", "/people"): MANAGES,
    ("POST", "/people/link"): MANAGES,
    ("POST", "/people/shut-out"): MANAGES,
    ("GET", "/progress"): MANAGES,
    ("GET", "/api/progress"): MANAGES,
    ("GET", "/export/{table}.csv"): MANAGES,
}
"""(method, path) -> who may; the test fails for a door that is not in this table."""

OF_A_WORK = [door for door in DOORS if "{work_id}" in door[1]]
BODIES: dict[str, dict[str, Any]] = {
    "readings": {"slice": 1, "system": "LDH", "side": None, "grade": 0},
    "boxes": {"slice": 1, "box": [1, 2, 3, 4]},
    "time": {"slice": 1, "seconds": 1},
}
VALUES = {"code": "LDH", "grade": "0", "number": "1", "table": "readings", "name": "window.js"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A reading under way; nothing of this module changes what it looks at."""
    made = study_under_way(tmp_path_factory.mktemp("study"))
    yield made
    made.room.close()


def doors_of(room: MadeUpRoom) -> set[tuple[str, str]]:
    found = set()
    pending = list(room.app.routes)
    while pending:
        one = pending.pop()
        pending += getattr(getattr(one, "original_router", None), "routes", [])
        if isinstance(one, APIRoute):
            found |= {(method, one.path) for method in one.methods or ()}
    return found


def knock(
    browser: TestClient, door: tuple[str, str], work: int | str, csrf: str | None
) -> tuple[int, str]:
    """Go through a door as its page would; return the status and all that came back."""
    method, pattern = door
    values = {**VALUES, "work_id": str(work)}
    path = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], pattern)
    keywords: dict[str, Any] = {"follow_redirects": False}
    if csrf is not None:
        keywords["headers"] = {b"X-CSRF-Token": csrf.encode()}
    if method == "PUT":
        body = BODIES[path.rsplit("/", 1)[1]]
        keywords["json"] = {"change": "0b8b7a5e-9a3b-4a5e-8a5e-0b8b7a5e9a3b"} | body
        if path.endswith("time"):
            del keywords["json"]["change"]
    answer = browser.request(method, path, **keywords)
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    return answer.status_code, f"{headers} {answer.text}"


def a_work_of(person: Person) -> int | str:
    return (person.works() or [1])[0] if person.role in READS else 1


def test_the_table_names_every_door(study: Study) -> None:
    assert doors_of(study.room) == set(DOORS)


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_a_stranger_is_let_in_where_anybody_is(study: Study, door: tuple[str, str]) -> None:
    status, text = knock(study.room.stranger(), door, 1, csrf=None)
    if DOORS[door] is PUBLIC:
        assert status != 401
        assert door[0] == "GET" or status == 403
    elif door[0] == "GET" and not door[1].startswith("/api/"):
        assert status == 303
        assert "location: /sign-in" in text
    else:
        assert status == (401 if door[0] == "GET" else 403)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_each_role_is_let_in_where_it_belongs(
    study: Study, door: tuple[str, str], role: Role
) -> None:
    if door in {("POST", "/sign-out"), ("POST", "/work/{work_id}/reopen")}:
        pytest.skip("changes what other tests look at; tested on its own")
    person = study.person(role)
    status, text = knock(person.browser, door, a_work_of(person), person.csrf)
    allowed = DOORS[door]
    if allowed is None or role in allowed:
        assert status in {200, 303, 404, 409, 422} or door == ("POST", "/sign-in"), text
        assert "does not include this" not in text
    else:
        assert status == 403
        assert "Your role does not include this." in text


@pytest.mark.parametrize("role", sorted(READS))
@pytest.mark.parametrize("door", OF_A_WORK, ids=" ".join)
def test_the_work_of_another_is_as_if_it_were_not_there(
    study: Study, door: tuple[str, str], role: Role
) -> None:
    """Of every other person; a work that is nobody's gets the same answer."""
    person = study.person(role)
    if role not in (DOORS[door] or ()):
        return
    nobodys = knock(person.browser, door, 4242, person.csrf)[0]
    assert nobodys == 404
    for other in study.people.values():
        if other is not person and other.role in READS:
            for work in other.works():
                assert knock(person.browser, door, work, person.csrf)[0] == 404


@pytest.mark.parametrize("name", ["Ann", "Eve", "Jud"])
def test_nothing_of_others_comes_back(study: Study, name: str) -> None:
    """Neither names of others nor, but to whom it belongs, grades: through any door."""
    person = study.people[name]
    others = [one.name for one in study.people.values() if one is not person]
    for work in person.works():
        for door in DOORS:
            if door[0] == "GET" and door[1] != "/metrics":
                _, text = knock(person.browser, door, work, person.csrf)
                assert [one for one in others if one in text] == []
                assert SECRET_REASON not in text
                assert '"percent"' not in text or name == "Ann"


def test_a_reader_gets_own_grades_and_the_proposals_of_the_assisted_arm(study: Study) -> None:
    ann, grades = study.people["Ann"], {"p1": 1, "p2": 0, "p3": 2}
    arms = set()
    for work in ann.works():
        shown = ann.browser.get(f"/api/work/{work}").json()
        own = {(one["slice"], one["grade"]) for one in shown["readings"]}
        grade = grades[ann.patient_of(work)]
        assert own == {(1, grade), (2, grade)}
        assert shown["disagreements"] == []
        assisted = shown["work"]["arm"] == "assisted"
        expected = [{"slice": 1, "system": "LDH", "side": None, "grade": 3, "percent": 77}]
        assert shown["proposals"] == (expected if assisted else [])
        arms.add(assisted)
    assert arms == {True, False}


def test_an_expert_gets_no_grades(study: Study) -> None:
    eve = study.people["Eve"]
    for work in eve.works():
        shown = eve.browser.get(f"/api/work/{work}").json()
        assert [shown[one] for one in ("systems", "readings", "disagreements", "proposals")] == [
            [],
            [],
            [],
            [],
        ]


def test_an_adjudicator_gets_disagreements_without_names(study: Study) -> None:
    jud = study.people["Jud"]
    (work,) = jud.works()
    shown = jud.browser.get(f"/api/work/{work}").json()
    assert shown["work"]["name"] == "p1"
    assert shown["proposals"] == []
    found = {(one["slice"], frozenset(one["grades"])) for one in shown["disagreements"]}
    assert found == {(1, frozenset({1, 2})), (2, frozenset({1, None}))}


def test_who_is_refused_stands_in_the_audit_log(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    assert ann.browser.get("/people").status_code == 403
    with room.room.database.reading() as session:
        (line,) = session.scalars(select(Audit).where(Audit.deed == "refused"))
    assert (line.about, line.address) == ("GET /people", "testclient")


# --- forged requests ---------------------------------------------------------------------------

CHANGING = [door for door in DOORS if door[0] != "GET"]


@pytest.mark.parametrize("csrf", [None, "", "0" * 64, "é"], ids=["none", "empty", "wrong", "odd"])
@pytest.mark.parametrize("door", CHANGING, ids=" ".join)
def test_a_change_without_the_pages_word_is_refused(
    study: Study, door: tuple[str, str], csrf: str | None
) -> None:
    role = next(iter(sorted(DOORS[door] or EVERYBODY)))
    person = study.person(role)
    status, text = knock(person.browser, door, a_work_of(person), csrf)
    assert status == 403
    assert "This page is out of date" in text


def test_the_word_of_another_session_is_refused(study: Study) -> None:
    ann, bob = study.people["Ann"], study.people["Bob"]
    status, text = knock(ann.browser, ("POST", "/sign-out"), 1, bob.csrf)
    assert status == 403
    assert "out of date" in text


def test_a_file_in_place_of_the_word_is_refused(study: Study) -> None:
    ann = study.people["Ann"]
    answer = ann.browser.post("/sign-out", files={"csrf": ("csrf", ann.csrf)})
    assert answer.status_code == 403
