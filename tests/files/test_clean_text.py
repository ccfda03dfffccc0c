"""What steers, hides or is no character is replaced one for one; words of any script stay."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.files.clean_text import cleaned, cleaned_text


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\x9b",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u2028",
        "\ud800",
    ],
)
def test_a_hostile_character_becomes_a_question_mark(char: str) -> None:
    assert cleaned(f"a{char}b") == "a?b"


@pytest.mark.parametrize("text", ["", "L5/S1", "Müller^Žofie", "腰椎 T2", "a\tb\r\nc", "é", "❤️"])
def test_other_text_stays(text: str) -> None:
    assert cleaned(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_left_can_be_written_and_steers_nothing(text: str) -> None:
    shown = cleaned(text)
    assert len(shown) == len(text)
    shown.encode("utf-8")
    left = {unicodedata.category(char) for char in shown if char not in "\t\r\n"}
    assert left.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert cleaned(shown) == shown


def test_only_plain_text_of_a_template_is_cleaned() -> None:
    class Safe(str):
        __slots__ = ()

    assert cleaned_text("\x1b") == "?"
    assert cleaned_text(Safe("\x1b")) == "\x1b"
    assert cleaned_text(1.5) == 1.5
