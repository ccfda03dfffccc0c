"""What anybody may fetch."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.serving.reading_room.routes.public import VIEWER_SCRIPTS


def test_a_room_is_well_while_its_database_answers(
    room: MadeUpRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = room.stranger()
    assert browser.get("/health").json() == {"status": "ok"}

    def fails() -> None:
        raise OperationalError("", {}, Exception("gone"))

    monkeypatch.setattr(room.room.database, "reading", fails)
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "the database does not answer")


def test_counts_name_nobody(room: MadeUpRoom) -> None:
    ann = room.add("Ann Zname")
    ann.browser.get(f"/api/work/{ann.works()[0]}")
    ann.grade(ann.works()[0])
    answer = room.stranger().get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    for line in ("lumbargrade_works 3", "lumbargrade_readings 1", "lumbargrade_sessions 1"):
        assert line in lines
    assert "Zname" not in answer.text
    assert "p1" not in answer.text


def test_the_viewers_scripts_come_from_the_page(room: MadeUpRoom) -> None:
    browser = room.stranger()
    for name in VIEWER_SCRIPTS:
        answer = browser.get(f"/static/viewer/{name}")
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "export" in answer.text
    assert browser.get("/static/viewer/page.js").status_code == 404
    assert browser.get("/static/room.css").status_code == 200
    assert browser.get("/static/../room.py").status_code == 404
    assert browser.get("/static/%2e%2e/room.py").status_code == 404
