"""Tokens are not what is kept of them."""

from __future__ import annotations

from lumbargrade.serving.reading_room.security.tokens import (
    csrf_is_right,
    csrf_of,
    digest,
    new_token,
)


def test_no_two_tokens_are_alike_and_each_is_long() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43


def test_what_is_kept_is_neither_the_token_nor_its_csrf_word() -> None:
    token = new_token()
    assert len({token, digest(token), csrf_of(token)}) == 3


def test_only_the_word_of_this_token_is_right() -> None:
    token = new_token()
    assert csrf_is_right(token, csrf_of(token))
    for wrong in ("", csrf_of(new_token()), csrf_of(token)[:-1], "é", "\ud800"):
        assert not csrf_is_right(token, wrong)
