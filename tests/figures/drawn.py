"""What stands on a figure."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D


def texts(figure: Figure) -> list[str]:
    """Every text that was written into the axes, in order."""
    return [one.get_text() for axes in figure.axes for one in axes.texts]


def legend(axes: Axes) -> list[str]:
    """The lines of a legend."""
    found = axes.get_legend()
    assert found is not None
    return [one.get_text() for one in found.get_texts()]


def points(line: Line2D) -> list[tuple[float, float]]:
    """The (x, y) of a line."""
    x, y = (np.asarray(part, dtype=float) for part in line.get_data())
    return list(zip(x.tolist(), y.tolist(), strict=True))
