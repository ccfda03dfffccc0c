"""What the shapes of a drawing are called."""

from __future__ import annotations

from lumbargrade.outputs.page.pictures.drawing import PARTS, Shape
from lumbargrade.outputs.page.words.language import Words


def shape_title(shape: Shape, words: Words) -> str:
    """Return the name of a shape, with the patient's side where the drawing has it."""
    name = words.sentence(PARTS[shape.part])
    return name if shape.side is None else f"{name}, {words.sentence(shape.side)}"
