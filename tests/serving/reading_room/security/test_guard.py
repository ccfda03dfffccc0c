"""Every answer carries the headers; what is too large is refused; the log holds no names."""

from __future__ import annotations

import logging

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.serving.reading_room.security.guard import CONTENT_POLICY, HEADERS

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


def test_the_policy_allows_own_files_alone() -> None:
    assert set(CONTENT_POLICY.split("; ")) == POLICY


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/health", "/static/room.css", "/static/viewer/window.js", "/no", "/api/work/1"],
)
def test_headers_are_on_every_answer(room: MadeUpRoom, path: str) -> None:
    answer = room.stranger().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_what_is_personal_is_kept_by_no_cache(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    work = ann.works()[0]
    assert ann.browser.get("/work").headers["cache-control"] == "no-store"
    assert ann.browser.get(f"/api/work/{work}").headers["cache-control"] == "no-store"
    pixels = ann.browser.get(f"/api/work/{work}/pixels/1")
    assert pixels.headers["cache-control"].startswith("private")


def test_https_is_asked_for_where_it_is_spoken(room: MadeUpRoom) -> None:
    assert "strict-transport-security" not in room.stranger().get("/sign-in").headers


def test_a_body_that_is_too_large_or_of_no_length_is_refused(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    answer = ann.browser.post("/sign-out", content=b"x" * 70_000)
    assert (answer.status_code, answer.text) == (413, "the body is too large\n")
    answer = ann.browser.post("/sign-out", content=iter([b"x"]))
    assert (answer.status_code, answer.text) == (411, "say the length of the body\n")
    answer = ann.browser.get("/work", headers={"content-length": "-1"})
    assert answer.status_code == 413


def test_the_log_has_patterns_and_neither_names_nor_tokens(
    room: MadeUpRoom, caplog: pytest.LogCaptureFixture
) -> None:
    ann = room.add("Ann Zname")
    work = ann.works()[0]
    with caplog.at_level(logging.INFO, "lumbargrade.room"):
        ann.browser.get(f"/api/work/{work}")
        ann.grade(work, reason="zreason", grade=None)
        room.stranger().get("/password?link=ztoken")
        room.stranger().get("/zpath")
    lines = [one.rsplit(" ", 2)[0] for one in caplog.messages]
    assert lines == [
        "GET /api/work/{work_id} 200",
        "PUT /api/work/{work_id}/readings 200",
        "GET /password 403",
        "GET unknown 404",
    ]
