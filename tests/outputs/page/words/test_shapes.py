from __future__ import annotations

from lumbargrade.grading.finding import Side
from lumbargrade.outputs.page.pictures.drawing import PARTS, Shape
from lumbargrade.outputs.page.words.language import words_of
from lumbargrade.outputs.page.words.shapes import shape_title


def test_a_shape_is_called_by_its_part_and_side() -> None:
    root = Shape("root", "M0,0", Side.LEFT)
    assert shape_title(root, words_of()) == "traversing roots, left"
    assert shape_title(root, words_of("de")) == "traversierende Wurzeln, links"
    assert shape_title(Shape("disc", "M0,0"), words_of()) == "disc"


def test_every_part_has_a_german_name() -> None:
    german = words_of("de")
    assert [one for one in PARTS.values() if german.sentence(one) == one] == []
