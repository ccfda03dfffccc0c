"""How every figure looks, and how it becomes a vector file.

Nothing depends on colour: shades run from white to black with the number printed in
each cell, and lines differ by their dashes.
"""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.text import Text

from lumbargrade.files.clean_text import cleaned

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is the same everywhere
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.linewidth": 0.8,
    "svg.hashsalt": "lumbargrade",  # same figure, same file
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a name with dollar signs is no formula
}

DASHES = ("-", "--", ":", "-.")
"""One a curve."""

__all__ = ["DASHES", "Figure", "clean_words", "styled", "svg"]


def styled() -> AbstractContextManager[None]:
    """Return the context in which figures are drawn and saved."""
    return rc_context(_STYLE)


def clean_words(figure: Figure) -> None:
    """Clean every text of a figure (``files.clean_text``): titles and labels hold names."""
    for text in figure.findobj(Text):
        if isinstance(text, Text) and cleaned(text.get_text()) != text.get_text():
            text.set_text(cleaned(text.get_text()))


def svg(figure: Figure) -> str:
    """Return the figure as SVG; text is drawn as shapes, so no font is needed to show it."""
    stream = io.StringIO()
    clean_words(figure)
    with styled():
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()
