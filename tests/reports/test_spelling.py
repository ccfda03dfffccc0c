"""Misspelt words, and words that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.reports.lexicon import lexicon
from lumbargrade.reports.spelling import edit_distance, spelt

WORDS = st.text(alphabet="abcdr", max_size=7)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("buldge", "bulge"),
        ("hernation", "herniation"),
        ("protrustion", "protrusion"),
        ("compresssing", "compressing"),
        ("tehcal", "thecal"),
        ("stenosys", "stenosis"),
        ("spondylolistesis", "spondylolisthesis"),
        ("lt", "left"),
        ("nerveroots", "nerve roots"),
        ("laminectomey", "laminectomy"),
        ("disk", "disc"),
    ],
)
def test_a_misspelt_word_is_known(written: str, meant: str) -> None:
    assert " ".join(spelt(written)) == meant


@pytest.mark.parametrize(
    "word",
    [
        *("marrow", "patient", "information", "injection", "clinical", "exclusion", "removed"),
        *("very", "effusion", "contains", "nodule", "preferred", "articular", "structure"),
        *("increased", "internal", "decreased", "through", "displayed", "presented", "signal"),
        *("kidney", "uterus", "x", "a" * 500),
    ],
)
def test_another_word_is_left_alone(word: str) -> None:
    assert spelt(word) == (word,)


def test_no_word_is_bent_into_a_denial() -> None:
    assert spelt("abscent") == ("abscent",)
    assert spelt("withaut") == ("withaut",)


@given(WORDS, WORDS)
def test_the_distance_is_one(one: str, other: str) -> None:
    edits = edit_distance(one, other)
    assert edits == edit_distance(other, one)
    assert (edits == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))


def test_every_phrase_can_be_reached() -> None:
    """Each word of each phrase stands for itself, and none is hidden by a misspelling."""
    for phrases in lexicon().phrases.values():
        for phrase, meanings in phrases:
            assert meanings
            for word in phrase:
                assert word == "?" or spelt(word) == (word,), phrase
