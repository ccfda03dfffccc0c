"""Where a sentence ends, and what its words are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.reports.text import LONGEST_SENTENCE, sentences, tokens


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One thing. Another.", ["One thing", "Another"]),
        ("One thing\nanother", ["One thing", "another"]),
        ("One//two///three;four", ["One", "two", "three", "four"]),
        ("- first\n .second\n* third", ["first", "second", "third"]),
        ("about 6.5 mm long", ["about 6.5 mm long"]),
        ("C. spine and m. spasm", ["C. spine and m. spasm"]),
        ("approx. half", ["approx. half"]),
        ("seen at\nL4/5", ["seen at\nL4/5"]),
        ("a bulge\ncompressing it", ["a bulge\ncompressing it"]),
        ("a bulge.\n\nCompressing it", ["a bulge", "Compressing it"]),
        (f"{'word ' * 14}\nand more of it", [f"{'word ' * 14}\nand more of it"]),
        (f"{'word ' * 14}\nno more of it", [("word " * 14).strip(), "no more of it"]),
        ("", []),
        (" . \n-", []),
    ],
)
def test_sentences(text: str, wanted: list[str]) -> None:
    assert [one.text for one in sentences(text)] == wanted


def test_which_sentence_begins_a_line() -> None:
    found = sentences("One. Two.\n- Three. \nFour; five")
    assert [one.new_line for one in found] == [True, False, True, True, False]


@given(st.text(max_size=80))
def test_sentences_are_stretches_of_the_text_in_order(text: str) -> None:
    end = 0
    for one in sentences(text):
        assert text[one.start : one.start + len(one.text)] == one.text
        assert one.start >= end
        end = one.start + len(one.text)
        assert all(0 <= token.start < len(one.text) for token in tokens(one.text))


def test_the_longest_phrase_wins() -> None:
    words = [" ".join(token.words) for token in tokens("no evidence of exit nerve root compresion")]
    assert words == ["no evidence of", "exit nerve root", "compression"]
    assert tokens("compresion")[0].has("cues", "root")


def test_a_sentence_without_end_is_cut() -> None:
    text = "no " * LONGEST_SENTENCE
    found = list(sentences(text))
    assert len(found) == 3
    assert max(len(one.text) for one in found) <= LONGEST_SENTENCE
    assert [one.new_line for one in found] == [True, False, False]
