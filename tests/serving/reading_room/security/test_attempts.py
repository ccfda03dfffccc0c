"""Guessing is slow: by name, by address, by both."""

from __future__ import annotations

import pytest

from lumbargrade.serving.reading_room.security import attempts
from lumbargrade.serving.reading_room.security.attempts import Attempts


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in its only place."""
    time = [1000.0]
    monkeypatch.setattr(attempts, "monotonic", lambda: time[0])
    return time


def test_five_failures_of_a_name_from_one_address_are_the_last(clock: list[float]) -> None:
    tried = Attempts()
    for _ in range(5):
        assert tried.wait_s("Ann", "1.1.1.1") == 0
        tried.note_failure("ann", "1.1.1.1")
    assert tried.wait_s("ANN", "1.1.1.1") == 301
    assert tried.wait_s("Ann", "2.2.2.2") == 0
    assert tried.wait_s("Bob", "1.1.1.1") == 0
    clock[0] += 299
    assert tried.wait_s("Ann", "1.1.1.1") == 2
    clock[0] += 2
    assert tried.wait_s("Ann", "1.1.1.1") == 0


def test_one_address_cannot_try_many_names(clock: list[float]) -> None:
    tried = Attempts()
    for number in range(30):
        tried.note_failure(f"Name {number}", "1.1.1.1")
    assert tried.wait_s("Somebody", "1.1.1.1") > 0
    assert tried.wait_s("Somebody", "2.2.2.2") == 0


def test_many_addresses_cannot_try_one_name(clock: list[float]) -> None:
    tried = Attempts()
    for number in range(50):
        tried.note_failure("Ann", f"1.1.1.{number}")
    assert tried.wait_s("Ann", "2.2.2.2") > 0


def test_who_has_signed_in_starts_anew(clock: list[float]) -> None:
    tried = Attempts()
    for _ in range(5):
        tried.note_failure("Ann", "1.1.1.1")
    tried.forget("Ann", "1.1.1.1")
    assert tried.wait_s("Ann", "1.1.1.1") == 0


def test_memory_is_bounded(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "KEPT", 10)
    tried = Attempts()
    for number in range(50):
        tried.note_failure(f"Name {number}", f"1.1.1.{number}")
    assert len(tried._failures) == 10
