"""Where a slice lies, as a reader is told."""

from __future__ import annotations

import pytest

from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, Through
from lumbargrade.outputs.page.words.place import place_in_words


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
    assert place_in_words(LevelAssignment(Level.L4_L5, place=place)) == said


def test_a_disc_without_a_name_is_the_nearest() -> None:
    place = DiscPlace(3.0, 2.0, Through.DISC)
    assert place_in_words(LevelAssignment(place=place)) == (
        "3 mm above the middle of the nearest disc, angled 2° to it"
    )
