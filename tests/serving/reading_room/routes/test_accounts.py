"""Sign in, sign out, set a password."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.serving.reading_room.made_up_room import PASSWORD, MadeUpRoom

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.security import passwords
from lumbargrade.serving.reading_room.store import people
from lumbargrade.serving.reading_room.store.models import Audit


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time; the true ones are tested in test_passwords."""
    monkeypatch.setattr(passwords, "hashed", lambda text: f"hash of {text}")
    monkeypatch.setattr(passwords, "is_right", lambda text, kept: kept == f"hash of {text}")


def with_password(room: MadeUpRoom, name: str = "Ann", role: Role = Role.READER) -> None:
    with room.room.database.writing() as session:
        people.add_person(session, name, role).password = f"hash of {PASSWORD}"


def csrf_of(browser: TestClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf" value="(\w+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def sign_in(browser: TestClient, name: str = "Ann", password: str = PASSWORD) -> int:
    form = {"csrf": csrf_of(browser), "name": name, "password": password}
    return browser.post("/sign-in", data=form, follow_redirects=False).status_code


def test_the_right_name_and_password_lead_in(room: MadeUpRoom) -> None:
    with_password(room, "Änn B.")
    browser = room.stranger()
    assert sign_in(browser, " änn  b. ") == 303
    assert browser.get("/").url.path == "/work"
    cookie = next(one for one in browser.cookies.jar if one.name == room.room.cookie)
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "strict"


@pytest.mark.parametrize(("name", "word"), [("Ann", "wrong"), ("Nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_get_one_answer(
    room: MadeUpRoom, name: str, word: str
) -> None:
    with_password(room)
    browser = room.stranger()
    form = {"csrf": csrf_of(browser), "name": name, "password": word}
    answer = browser.post("/sign-in", data=form)
    assert answer.status_code == 403
    assert "The name or the password is wrong." in answer.text


def test_who_has_no_password_yet_cannot_sign_in(room: MadeUpRoom) -> None:
    room.add("Ann")
    assert sign_in(room.stranger(), "Ann", "") == 403


def test_guessing_is_stopped_even_when_the_sixth_is_right(room: MadeUpRoom) -> None:
    with_password(room)
    browser = room.stranger()
    assert [sign_in(browser, password=str(n)) for n in range(6)] == [403] * 5 + [429]
    form = {"csrf": csrf_of(browser), "name": "Ann", "password": PASSWORD}
    answer = browser.post("/sign-in", data=form)
    assert answer.status_code == 429
    assert "Too many attempts. Wait 6 min" in answer.text or "Wait 5 min" in answer.text
    assert int(answer.headers["retry-after"]) > 200
    with room.room.database.reading() as session:
        noted = list(session.scalars(select(Audit.deed)))
    assert noted.count("sign-in refused") == 5


def test_a_session_gets_a_new_token_and_ends_with_the_sign_out(room: MadeUpRoom) -> None:
    with_password(room)
    browser = room.stranger()
    browser.get("/sign-in")
    before = browser.cookies[room.room.cookie]
    assert sign_in(browser) == 303
    token = browser.cookies[room.room.cookie]
    assert token != before
    browser.post("/sign-out", data={"csrf": csrf_of(browser, "/work")})
    browser.cookies.set(room.room.cookie, token)
    assert browser.get("/api/work/1").status_code == 401


def test_a_link_sets_a_password_once(room: MadeUpRoom) -> None:
    cora = room.add("Cora", Role.COORDINATOR)
    text = cora.post("/people", name="Ann", role="reader").text
    link = re.search(r"link=([\w-]+)<", text)
    assert link is not None
    browser = room.stranger()
    csrf = csrf_of(browser, f"/password?link={link[1]}")
    form = {"csrf": csrf, "link": link[1], "new": PASSWORD, "again": PASSWORD}
    weak = browser.post("/password", data=form | {"again": "other"})
    assert weak.status_code == 422
    assert "The two entries differ" in weak.text
    assert browser.post("/password", data=form).url.path == "/work"
    again = room.stranger()
    form["csrf"] = csrf_of(again)
    answer = again.post("/password", data=form)
    assert answer.status_code == 403
    assert "This link was used already" in answer.text
    assert sign_in(room.stranger()) == 303


def test_a_changed_password_needs_the_old_one_and_ends_other_sessions(room: MadeUpRoom) -> None:
    with_password(room)
    first, other = room.stranger(), room.stranger()
    assert sign_in(first) == sign_in(other) == 303
    form = {"csrf": csrf_of(first, "/password"), "new": "another good one", "current": "wrong"}
    form["again"] = form["new"]
    answer = first.post("/password", data=form)
    assert "The current password is wrong." in answer.text
    answer = first.post("/password", data=form | {"current": PASSWORD})
    assert answer.url.path == "/work"
    assert other.get("/api/work/1").status_code == 401
    assert sign_in(room.stranger(), password=PASSWORD) == 403
    assert sign_in(room.stranger(), password="another good one") == 303


def test_an_old_session_is_over(room: MadeUpRoom) -> None:
    from lumbargrade.serving.reading_room.store.models import Session

    ann = room.add("Ann")
    for column in ("seen_at", "made_at"):
        with room.room.database.writing() as session:
            row = session.scalar(select(Session))
            assert row is not None
            kept = getattr(row, column)
            setattr(row, column, "2020-01-01T00:00:00.000Z")
        assert ann.browser.get("/api/work/1").status_code == 401
        with room.room.database.writing() as session:
            row = session.scalar(select(Session))
            assert row is not None
            setattr(row, column, kept)
    assert ann.browser.get("/api/work/999").status_code == 404


def test_being_seen_is_written_now_and_then(room: MadeUpRoom) -> None:
    from datetime import timedelta

    from lumbargrade.serving.reading_room.clock import now_text
    from lumbargrade.serving.reading_room.store.models import Session

    ann = room.add("Ann")
    with room.room.database.writing() as session:
        row = session.scalar(select(Session))
        assert row is not None
        row.seen_at = early = now_text(-timedelta(minutes=6))
    ann.browser.get("/work")
    with room.room.database.reading() as session:
        assert (session.scalar(select(Session.seen_at)) or "") > early
