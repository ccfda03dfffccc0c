"""Figure 8: ROC curves, one panel for each part, told apart by their dashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lumbargrade.figures.style import DASHES, styled
from lumbargrade.statistics.roc import RocCurve


def roc_figure(panels: Mapping[str, Sequence[tuple[str, RocCurve]]]) -> Figure:
    """Return the curves; a curve without both classes is named and not drawn.

    ``panels`` are title -> (label, curve) of each line.
    """
    with styled():
        figure = Figure(figsize=(3.6 * len(panels), 3.8), layout="constrained")
        for axes, (title, curves) in zip(
            figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
        ):
            _panel(axes, title, curves)
    return figure


def _panel(axes: Axes, title: str, curves: Sequence[tuple[str, RocCurve]]) -> None:
    axes.plot([0, 1], [0, 1], color="0.7", lw=0.8)
    for index, (label, curve) in enumerate(curves):
        axes.plot(
            curve.false_positive_rate,
            curve.sensitivity,
            color="black",
            linestyle=DASHES[index % len(DASHES)],
            lw=1.3,
            label=label,
        )
    axes.set_aspect("equal")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlabel("1 - specificity")
    axes.set_ylabel("sensitivity")
    axes.set_title(title)
    axes.legend(loc="lower right", fontsize=7, frameon=True, edgecolor="0.7")
