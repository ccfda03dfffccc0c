"""Where a slice lies, as a reader is told."""

from __future__ import annotations

import pytest

from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, Through
from lumbargrade.outputs.page.words.language import words_of
from lumbargrade.outputs.page.words.place import place_in_words

EN = words_of()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            DiscPlace(-1.6, 5.4, Through.DISC),
            "2 mm below the middle of the L4/L5 disc, angled 5° to it",
        ),
        (DiscPlace(-0.4, 0.3, Through.DISC), "at the middle of the L4/L5 disc, parallel to it"),
        (
            DiscPlace(5.5, 12.0, Through.ENDPLATE),
            "6 mm above the middle of the L4/L5 disc, angled 12° to it: end-plate",
        ),
        (
            DiscPlace(12.0, 0.0, Through.BONE),
            "12 mm above the middle of the L4/L5 disc, parallel to it: bone, not counted for the "
            "level",
        ),
        (None, ""),
    ],
)
def test_a_place_in_words(place: DiscPlace | None, said: str) -> None:
    assert place_in_words(LevelAssignment(Level.L4_L5, place=place), EN) == said


def test_a_disc_without_a_name_is_the_nearest() -> None:
    place = DiscPlace(3.0, 2.0, Through.DISC)
    assert place_in_words(LevelAssignment(place=place), EN) == (
        "3 mm above the middle of the nearest disc, angled 2° to it"
    )


def test_the_place_is_said_in_another_language() -> None:
    level = LevelAssignment(Level.L4_L5, place=DiscPlace(5.5, 12.0, Through.ENDPLATE))
    said = place_in_words(level, words_of("de"))
    assert said == "6 mm über der Mitte der Bandscheibe L4/L5, um 12° geneigt: Endplatte"
