"""Figure 1: from the archive, where it is known, to the cohort and what was evaluated, as boxes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle

from lumbargrade.figures.stages import MIDDLE_IN, WIDTH_IN, draw_stages, stages_height
from lumbargrade.figures.style import styled
from lumbargrade.statistics.patients import Count, Flow, Origin

_WIDTH, _HEIGHT = 0.3, 0.15
_TOP, _LEFT_OUT, _FORK, _PARTS, _GRADED = 0.9, 0.72, 0.6, 0.42, 0.1
"""Heights of the rows, as shares of their part of the figure."""
_DEPTH_IN, _BETWEEN_IN = 3.1, 0.3
"""Height of that part; above it, room below the boxes of each archive."""
_FOOT, _HEAD = 0.12, 0.9
"""Between these shares of the figure lie the boxes: print has a title above, a caption below."""
_ARROW: dict[str, Any] = {
    "arrowstyle": "-|>",
    "color": "black",
    "lw": 0.8,
    "shrinkA": 0,
    "shrinkB": 0,
}


@dataclass(frozen=True)
class _Box:
    """A box around (x, y), in shares of the figure."""

    x: float
    y: float

    @property
    def top(self) -> tuple[float, float]:
        return self.x, self.y + _HEIGHT / 2

    @property
    def bottom(self) -> tuple[float, float]:
        return self.x, self.y - _HEIGHT / 2


def flow_figure(flow: Flow) -> Figure:
    """Return the flow: the cohort, what was left out, its parts, and what was graded.

    Above it stands, for each cohort that knows it, the way out of its archive.
    """
    starts = [_start(one, len(flow.origins)) for one in flow.origins]
    heights = [
        stages_height(start, one.stages) + _BETWEEN_IN
        for start, one in zip(starts, flow.origins, strict=True)
    ]
    whole_in = (sum(heights) + _DEPTH_IN) / (_HEAD - _FOOT)
    with styled():
        figure = Figure(figsize=(WIDTH_IN, whole_in))
        above = [
            draw_stages(
                figure, starts[number], one.stages, (1 - _HEAD) * whole_in + sum(heights[:number])
            )
            for number, one in enumerate(flow.origins)
        ]
        axes = figure.add_axes((0.02, _FOOT, 0.96, _DEPTH_IN / whole_in))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        whole = _parts(axes, flow)
        for origin in above if len(above) == 1 else ():
            lead = ConnectionPatch(
                (MIDDLE_IN, 0), whole.top, "data", "data", axesA=origin, axesB=axes, **_ARROW
            )
            figure.add_artist(lead)
    return figure


def _parts(axes: Axes, flow: Flow) -> _Box:
    """Draw the cohort, its parts and what was graded; return the box of the cohort."""
    whole = _box(axes, 0.5, _TOP, _text(flow.cohort))
    for index, count in enumerate(flow.left_out):
        aside = _box(axes, 0.84, _LEFT_OUT - index * _HEIGHT * 1.2, f"{_text(count)}\nleft out")
        _arrow(axes, (0.5, aside.y), (aside.x - _WIDTH / 2, aside.y))
    graded = {count.name: count for count in flow.graded}
    for index, count in enumerate(flow.parts):
        x = (index + 0.5) / len(flow.parts)
        end = "" if count.name in graded else "\nnot evaluated"
        part = _box(axes, x, _PARTS, _text(count) + end)
        axes.plot([whole.x, whole.x, x], [whole.bottom[1], _FORK, _FORK], "k", lw=0.8)
        _arrow(axes, (x, _FORK), part.top)
        if count.name in graded:
            last = _box(axes, x, _GRADED, f"graded\n{_size(graded[count.name])}")
            _arrow(axes, part.bottom, last.top)
    return whole


def _start(one: Origin, origins: int) -> Count:
    """Return the first box; of several archives it names the cohort."""
    return one.start if origins == 1 else replace(one.start, name=f"{one.cohort}: archive")


def _text(count: Count) -> str:
    return f"{count.name}\n{_size(count)}"


def _size(count: Count) -> str:
    return f"{count.patients} patient{'' if count.patients == 1 else 's'}, {count.images} images"


def _box(axes: Axes, x: float, y: float, text: str) -> _Box:
    corner = (x - _WIDTH / 2, y - _HEIGHT / 2)
    axes.add_patch(Rectangle(corner, _WIDTH, _HEIGHT, facecolor="white", edgecolor="black", lw=0.8))
    axes.text(x, y, text, ha="center", va="center", fontsize=8, linespacing=1.4)
    return _Box(x, y)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", xy=end, xytext=start, arrowprops=_ARROW)
