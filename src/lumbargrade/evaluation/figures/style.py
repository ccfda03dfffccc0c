"""How every figure looks, and how it becomes a vector file.

Nothing depends on colour: shades run from white to black with the number printed in
each cell, and lines differ by their dashes.
"""

from __future__ import annotations

import io

from matplotlib import rc_context
from matplotlib.figure import Figure

STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is the same everywhere
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.linewidth": 0.8,
    "svg.hashsalt": "lumbargrade",  # same figure, same file
    "pdf.fonttype": 42,
}

DASHES = ("-", "--", ":", "-.")
"""One a curve."""


def svg(figure: Figure) -> str:
    """Return the figure as SVG; text is drawn as shapes, so no font is needed to show it."""
    stream = io.StringIO()
    with rc_context(STYLE):
        figure.savefig(stream, format="svg", bbox_inches="tight", metadata={"Date": None})
    return stream.getvalue()
