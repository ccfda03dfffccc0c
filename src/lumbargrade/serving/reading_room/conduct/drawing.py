"""The drawing of a grade, of the systems that are drawn."""

from __future__ import annotations

from lumbargrade.grading.finding import Side
from lumbargrade.phantom.schematic.draw import schematic_svg


def drawing(code: str, grade: int, side: Side | None) -> str | None:
    """Return the drawing of a grade as SVG; None where there is none."""
    try:
        return schematic_svg(code, grade, side)
    except (KeyError, IndexError):
        return None
