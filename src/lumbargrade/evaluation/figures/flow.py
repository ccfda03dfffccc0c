"""Figure 1: from the cohort to what was evaluated, as boxes."""

from __future__ import annotations

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lumbargrade.evaluation.figures.style import STYLE
from lumbargrade.evaluation.people import Count, Flow

_BOX = {"boxstyle": "square,pad=0.6", "facecolor": "white", "edgecolor": "black", "lw": 0.8}
_ARROW = {"arrowstyle": "-|>", "color": "black", "lw": 0.8, "shrinkA": 0, "shrinkB": 0}
_TOP, _MIDDLE, _PARTS, _GRADED = 0.9, 0.68, 0.42, 0.1


def flow_figure(flow: Flow) -> Figure:
    """Return the flow: the cohort, what was left out, its parts, and what was graded."""
    with rc_context(STYLE):
        figure = Figure(figsize=(7, 3.9))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        centre = 0.5 if not flow.left_out else 0.36
        _box(axes, centre, _TOP, _text(flow.cohort))
        for index, count in enumerate(flow.left_out):
            height = _MIDDLE - 0.14 * index
            _box(axes, 0.8, height, "left out\n" + _text(count))
            _arrow(axes, (centre, height), (0.8, height))
        graded = {count.name: count for count in flow.graded}
        for index, count in enumerate(flow.parts):
            place = (index + 0.5) / len(flow.parts)
            _line(axes, centre, place)
            _arrow(axes, (place, 0.56), (place, _PARTS))
            evaluated = count.name in graded
            _box(axes, place, _PARTS, _text(count) + ("" if evaluated else "\nnot evaluated"))
            if evaluated:
                _arrow(axes, (place, _PARTS), (place, _GRADED))
                _box(axes, place, _GRADED, "graded\n" + _text(graded[count.name], named=False))
    return figure


def _text(count: Count, named: bool = True) -> str:
    patients = f"{count.patients} patient{'' if count.patients == 1 else 's'}"
    size = f"{patients}, {count.images} images"
    return f"{count.name}\n{size}" if named else size


def _box(axes: Axes, x: float, y: float, text: str) -> None:
    axes.text(x, y, text, ha="center", va="center", bbox=_BOX, linespacing=1.5, zorder=2)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    # Boxes lie above the arrows, so that an arrow may end in the middle of its box; the
    # head is then drawn half-way.
    middle = ((start[0] + 2 * end[0]) / 3, (start[1] + 2 * end[1]) / 3)
    axes.annotate("", xy=middle, xytext=start, arrowprops=_ARROW, zorder=1)
    axes.plot([middle[0], end[0]], [middle[1], end[1]], color="black", lw=0.8, zorder=1)


def _line(axes: Axes, centre: float, place: float) -> None:
    """From the cohort down and aside to the place of a part."""
    axes.plot([centre, centre, place], [_TOP, 0.56, 0.56], color="black", lw=0.8, zorder=1)
