"""Which words of a sentence a denial reaches."""

from __future__ import annotations

import pytest

from lumbargrade.reports.negation import denied
from lumbargrade.reports.text import tokens


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("No herniation or bulge", "herniation or bulge"),
        ("Bulge without stenosis", "stenosis"),
        ("Bulge at L4/5 but no stenosis", "stenosis"),
        ("No herniation but a bulge", "herniation"),
        ("A herniation is not seen", "a herniation is"),
        ("Bulge, but stenosis not seen", "stenosis"),
        ("No herniation at L3/4, bulge at L4/5", "herniation at L3/4"),
        ("No herniation at L3/4, and bulge at L4/5", "herniation at L3/4 , and bulge at L4/5"),
        ("No stenosis, and at L5/S1 a bulge", "stenosis"),
        ("No herniation, bulge, or stenosis", "herniation , bulge , or stenosis"),
        ("Bulge at L4/5", ""),
    ],
)
def test_a_denial_reaches_as_far_as_it_is_meant(sentence: str, wanted: str) -> None:
    words = tokens(sentence)
    reached = denied(words)
    assert len(reached) == len(words)
    found = [" ".join(word.words) for word, inside in zip(words, reached, strict=True) if inside]
    assert " ".join(found) == wanted
