"""Bland-Altman plots: the difference of two measurements against their mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lumbargrade.figures.style import styled
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import number

COLUMNS = 3
MANY = 1500
"""Points of a panel above which they are a picture: as shapes they would be megabytes."""


@dataclass(frozen=True)
class BlandAltman:
    """One panel: one measure.

    Attributes
    ----------
    title, unit : of the measure; the unit may be empty.
    values : (n, 2) first and second measurement.
    bias, lower, upper : mean of first less second, and the limits of agreement; NaN where
        undefined.
    digits : decimals with which these are printed.
    """

    title: str
    unit: str
    values: NDArray[np.float64]
    bias: Estimate
    lower: Estimate
    upper: Estimate
    digits: int = 2


def bland_altman_figure(panels: Sequence[BlandAltman], difference: str) -> Figure:
    """Return small multiples, one panel a measure; ``difference`` names first and second."""
    columns = min(COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    with styled():
        figure = Figure(figsize=(3.4 * columns, 2.4 * rows + 0.4), layout="constrained")
        grid = figure.subplots(rows, columns, squeeze=False).flatten()
        for place, (axes, panel) in enumerate(zip(grid, panels, strict=False)):
            _panel(axes, panel)
            if place % columns == 0:
                axes.set_ylabel(difference, fontsize=8)
            if place + columns >= len(panels):
                axes.set_xlabel("mean of the two", fontsize=8)
        for axes in grid[len(panels) :]:
            axes.remove()
    return figure


def _panel(axes: Axes, panel: BlandAltman) -> None:
    means, apart = panel.values.mean(1), panel.values[:, 0] - panel.values[:, 1]
    axes.plot(
        means, apart, "o", ms=3, mfc="none", mec="0.35", mew=0.6, rasterized=len(apart) > MANY
    )
    axes.axhline(0, color="0.7", lw=0.8, zorder=0)
    for found, dashes in ((panel.bias, "-"), (panel.lower, "--"), (panel.upper, "--")):
        _line(axes, found, panel.digits, dashes)
    lines = [one for one in (panel.lower.value, panel.upper.value, 0.0) if math.isfinite(one)]
    shown = np.array([*lines, *apart])
    reach = np.ptp(shown) or 1.0
    axes.set_ylim(shown.min() - 0.12 * reach, shown.max() + 0.18 * reach)
    axes.margins(x=0.08)
    unit = f", {panel.unit}" if panel.unit else ""
    axes.set_title(f"{panel.title}{unit}", fontsize=8.5)
    axes.tick_params(labelsize=7.5)


def _line(axes: Axes, found: Estimate, digits: int, dashes: str) -> None:
    """The line, its interval as a band, and its value at the right end."""
    if not math.isfinite(found.value):
        return
    if math.isfinite(found.low):
        axes.axhspan(found.low, found.high, color="0.9", lw=0, zorder=-1)
    axes.axhline(found.value, color="black", lw=1.0, linestyle=dashes)
    axes.annotate(
        number(found.value, digits), (1, found.value), (-2, 1), xycoords=("axes fraction", "data"),
        textcoords="offset points", ha="right", va="bottom", fontsize=7,
        bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 0.5},
    )  # fmt: skip
