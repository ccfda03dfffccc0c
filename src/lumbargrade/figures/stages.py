"""Figure 1 of an archive: from everybody in it, step by step, to the cohort."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lumbargrade.figures.style import styled
from lumbargrade.statistics.patients import Count, Stage

WIDTH_IN = 7.2
_LINE, _PAD, _GAP, _EDGE = 0.17, 0.12, 0.22, 0.03
_LETTERS = 60
"""Letters of a line beside."""
_MAIN, _ASIDE = (0.0, 2.9), (3.3, 7.2)
"""Left and right ends of the boxes. All of this in inches."""
MIDDLE_IN = sum(_MAIN) / 2
_ARROW = {"arrowstyle": "-|>", "color": "black", "lw": 0.8, "shrinkA": 0, "shrinkB": 0}


def stages_figure(start: Count, stages: Sequence[Stage]) -> Figure:
    """Return the boxes from top to bottom; beside each step who left there, by reason."""
    with styled():
        figure = Figure(figsize=(WIDTH_IN, stages_height(start, stages)))
        draw_stages(figure, start, stages, 0.0)
    return figure


def stages_height(start: Count, stages: Sequence[Stage]) -> float:
    """Return the height of the boxes in inches."""
    boxes = [_lines(start), *(_lines(one.left) for one in stages), *map(_left, stages)]
    return sum(map(_depth, boxes)) + 2 * _GAP * len(stages)


def draw_stages(figure: Figure, start: Count, stages: Sequence[Stage], top_in: float) -> Axes:
    """Draw the boxes into a figure of :data:`WIDTH_IN`, ``top_in`` inches below its upper edge.

    The axes that are returned are in inches, (0, 0) the lower left corner of the lowest box.
    """
    height, whole = stages_height(start, stages), figure.get_figheight()
    axes = figure.add_axes((0.0, 1 - (top_in + height) / whole, 1.0, height / whole))
    axes.set_axis_off()
    axes.set_xlim(-_EDGE, WIDTH_IN + _EDGE)
    axes.set_ylim(-_EDGE, height + _EDGE)
    top = _box(axes, _MAIN, height, _lines(start))
    for stage in stages:
        aside = _left(stage)
        branch = top - _GAP - _depth(aside) / 2
        end = _box(axes, _ASIDE, top - _GAP, aside, centred=False) - _GAP
        axes.annotate("", xy=(_ASIDE[0], branch), xytext=(MIDDLE_IN, branch), arrowprops=_ARROW)
        axes.annotate("", xy=(MIDDLE_IN, end), xytext=(MIDDLE_IN, top), arrowprops=_ARROW)
        top = _box(axes, _MAIN, end, _lines(stage.left))
    return axes


def _lines(count: Count) -> list[str]:
    return [count.name, f"{_patients(count.patients)}, {count.images} images"]


def _left(stage: Stage) -> list[str]:
    out = sum(count.patients for count in stage.dropped)
    listed = [
        line
        for count in stage.dropped
        for line in textwrap.wrap(f"{count.patients}  {count.name}", _LETTERS)
    ]
    return [f"{stage.name}: {_patients(out)}", *listed]


def _patients(number: int) -> str:
    return f"{number} patient{'' if number == 1 else 's'}"


def _depth(lines: Sequence[str]) -> float:
    return _LINE * len(lines) + _PAD


def _box(
    axes: Axes, ends: tuple[float, float], top: float, lines: Sequence[str], centred: bool = True
) -> float:
    """Draw a box from ``top`` downward and return the height of its lower edge."""
    left, right = ends
    depth = _depth(lines)
    corner = (left, top - depth)
    axes.add_patch(
        Rectangle(corner, right - left, depth, facecolor="white", edgecolor="black", lw=0.8)
    )
    x = (left + right) / 2 if centred else left + _PAD
    for number, line in enumerate(lines):
        y = top - _PAD / 2 - (number + 0.5) * _LINE
        axes.text(
            *(x, y, line),
            ha="center" if centred else "left",
            va="center",
            fontsize=8,
            parse_math=False,  # a reason may hold a dollar sign
        )
    return top - depth
