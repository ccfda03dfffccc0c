"""Passwords are hashed by argon2, and weak ones refused."""

from __future__ import annotations

import pytest

from lumbargrade.serving.reading_room.security.passwords import fault_of, hashed, is_right


def test_the_password_alone_is_right() -> None:
    kept = hashed("a good long password")
    assert kept.startswith("$argon2id$")
    assert is_right("a good long password", kept)
    assert not is_right("a good long passworD", kept)


def test_nobody_and_a_damaged_hash_have_no_right_password() -> None:
    assert not is_right("nobody has this password", None)
    assert not is_right("x", "damaged")


@pytest.mark.parametrize(
    ("new", "again", "fault"),
    [
        ("long enough words", "long enough word", "The two entries differ"),
        ("short", "short", "has 5 characters: take 10 or more"),
        ("long words " * 30, "long words " * 30, "more than 200 characters"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "easily guessed"),
        ("Anna Example", "Anna Example", "easily guessed"),
        ("long enough words", "long enough words", ""),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said(new: str, again: str, fault: str) -> None:
    said = fault_of(new, again, "anna example")
    assert fault in said
    assert bool(said) == bool(fault)
