"""What happens where a door stays shut, and whether any input can break one."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import httpx2
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from tests.serving.reading_room.made_up_room import MadeUpRoom, Person

from lumbargrade.annotation.roles import Role
from lumbargrade.errors import StudyError


def test_a_page_leads_to_the_sign_in_and_data_says_401(room: MadeUpRoom) -> None:
    browser = room.stranger()
    assert browser.get("/work").url.path == "/sign-in"
    answer = browser.get("/api/work/1")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Sign in first."})


def test_what_cannot_be_understood_is_not_sent_back(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    answer = ann.put("/api/work/1/readings", nonsense="<script>")
    assert answer.status_code == 422
    assert answer.json() == {"detail": "The request cannot be understood."}


def test_an_unknown_address_is_a_page(room: MadeUpRoom) -> None:
    answer = room.stranger().get("/no/such/page")
    assert answer.status_code == 404
    assert "<h1>Not possible</h1>" in answer.text


def test_a_study_that_cannot_be_shown_says_so_and_not_why(
    room: MadeUpRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(patient: str) -> Any:
        raise StudyError(f"{patient}: is damaged")

    ann = room.add("Ann")
    work = ann.works()[0]
    monkeypatch.setattr(room.pictures, "view", fails)
    with caplog.at_level(logging.ERROR, "lumbargrade.room"):
        answer = ann.browser.get(f"/api/work/{work}")
    assert (answer.status_code, answer.json()["detail"]) == (
        500,
        "This study cannot be shown: tell the coordinator.",
    )
    assert caplog.messages == ["StudyError: a study cannot be shown"]


def test_the_log_of_what_breaks_has_the_place_and_no_value(
    room: MadeUpRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(patient: str) -> Any:
        raise ValueError(f"{patient} ZNAME")

    ann = room.add("Ann")
    work = ann.works()[0]
    monkeypatch.setattr(room.pictures, "view", breaks)
    with caplog.at_level(logging.INFO, "lumbargrade.room"):
        answer = ann.browser.get(f"/api/work/{work}")
    assert (answer.status_code, answer.json()["detail"]) == (
        500,
        "Something is broken: tell the coordinator.",
    )
    (line,) = [one for one in caplog.messages if one.startswith("ValueError at ")]
    assert "test_app.py:" in line
    assert not [one for one in caplog.messages if "ZNAME" in one or "p1" in one]


# --- any input ---------------------------------------------------------------------------------

FEW = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Role, Person]]:
    """One of each role, in a room of their own, with opened studies."""
    made = MadeUpRoom(tmp_path_factory.mktemp("any"))
    found = {role: made.add(f"One {role.value}", role) for role in Role}
    for role in (Role.READER, Role.EXPERT):
        for work in found[role].works():
            found[role].browser.get(f"/api/work/{work}")
    yield found
    made.close()


NOT_TRIED = {"/sign-out", "/sign-in", "/password"}
"""Would sign the person out, or spend a second on a hash; tested on their own."""


@pytest.mark.parametrize("role", Role)
def test_no_input_breaks_a_door(people: dict[Role, Person], role: Role) -> None:
    """Whatever the schema allows, and what it does not, is answered without a fault of ours."""
    person = people[role]
    schema = schemathesis.openapi.from_dict(cast(FastAPI, person.browser.app).openapi())
    operations = [cast(Any, one).ok() for one in schema.get_all_operations()]
    tried: Counter[str] = Counter()
    for operation in operations:
        if operation.path not in NOT_TRIED:
            sent(person, operation, GenerationMode.POSITIVE, tried)
            with contextlib.suppress(Unsatisfiable):  # what takes nothing, can get nothing wrong
                sent(person, operation, GenerationMode.NEGATIVE, tried)
    assert len(tried) == len([one for one in operations if one.path not in NOT_TRIED])


def sent(person: Person, operation: Any, mode: GenerationMode, tried: Counter[str]) -> None:
    """Send a few made-up requests of one operation."""

    @FEW
    @given(operation.as_strategy(mode))
    def one(case: schemathesis.Case[Any]) -> None:
        tried[operation.label] += 1
        check(person, case)

    one()


def check(person: Person, case: schemathesis.Case[Any]) -> None:
    """Send what was made up, with the right word."""
    keywords = case.as_transport_kwargs(base_url="http://testserver")
    headers = {**keywords.pop("headers", {}), "X-CSRF-Token": person.csrf}
    headers = {str(name): str(value) for name, value in headers.items()}
    keywords = {name: value for name, value in keywords.items() if name in KEPT and value}
    if isinstance(keywords.get("data"), str | bytes):
        keywords["content"] = keywords.pop("data")
    try:
        answer = person.browser.request(
            case.method, case.formatted_path, headers=headers, follow_redirects=False, **keywords
        )
    except (UnicodeEncodeError, httpx2.InvalidURL):
        return  # cannot be sent
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text


KEPT = {"params", "json", "data"}
