"""Reliability diagrams: how often a grade is right, by how sure the model was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lumbargrade.figures.style import styled
from lumbargrade.statistics.calibration import ReliabilityBin

FEWEST = 10
"""Images of a bin below which its point is drawn hollow: chance alone moves it far."""


@dataclass(frozen=True)
class Reliability:
    """One panel: the bins as shown, and before the temperature where that is known."""

    title: str
    after: Sequence[ReliabilityBin]
    before: Sequence[ReliabilityBin]


def reliability_figure(rows: Sequence[Sequence[Reliability]]) -> Figure:
    """Return one row of panels for each part and one column for each system."""
    columns = max(map(len, rows))
    with styled():
        figure = Figure(figsize=(2.5 * columns, 3.3 * len(rows)), layout="constrained")
        grid = figure.add_gridspec(2 * len(rows), columns, height_ratios=(3, 1) * len(rows))
        for line, panels in enumerate(rows):
            for column, panel in enumerate(panels):
                upper = figure.add_subplot(grid[2 * line, column])
                lower = figure.add_subplot(grid[2 * line + 1, column], sharex=upper)
                draw_bins(upper, panel.before, panel.after)
                upper.set_title(panel.title, fontsize=8)
                upper.tick_params(labelbottom=False)
                _counts(lower, panel.after)
    return figure


def draw_bins(
    axes: Axes, before: Sequence[ReliabilityBin], after: Sequence[ReliabilityBin]
) -> None:
    """Draw the points of one system; ``before`` the temperature may be empty."""
    axes.plot([0, 1], [0, 1], color="0.7", lw=0.8)
    for bins, line, marker, label in (
        (before, ":", "s", "before temperature"),
        (after, "-", "o", "as shown"),
    ):
        filled = [one for one in bins if one.count]
        if not filled:
            continue
        x, y = [one.confidence for one in filled], [one.right for one in filled]
        axes.plot(x, y, color="black", lw=1.0, linestyle=line, label=label)
        for one in filled:
            face = "white" if one.count < FEWEST or line == ":" else "black"
            axes.plot(one.confidence, one.right, marker, ms=4, mfc=face, mec="black", mew=0.8)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.04)
    axes.set_ylabel("share right")
    if any(one.count for one in before):
        axes.legend(loc="upper left", fontsize=6.5, frameon=False)


def _counts(axes: Axes, bins: Sequence[ReliabilityBin]) -> None:
    counts = np.array([one.count for one in bins])
    lows = [one.low for one in bins]
    widths = [one.high - one.low for one in bins]
    axes.bar(lows, counts, widths, align="edge", color="0.75", edgecolor="black", lw=0.5)
    axes.set_yscale("log")
    axes.set_ylim(0.7, max(10, 2 * counts.max()))
    axes.set_xlabel("probability of the most probable grade", fontsize=7.5)
    axes.set_ylabel("images", fontsize=7.5)
