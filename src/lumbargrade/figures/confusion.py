"""Figures 6 and 7: tables of counts, in shades of grey with the numbers in the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lumbargrade.figures.style import styled

Counts = NDArray[np.int64]
Row = tuple[str, Mapping[str, Counts]]
"""(title, system -> counts (q, q), rows = reference)."""

_DARK = 0.62
"""Share of its row from which a cell is dark enough for white numbers."""


def confusion_figure(rows: Sequence[Row], systems: Sequence[str]) -> Figure:
    """Return one row of panels for each title and one column for each system.

    Cells show the count and its share of the reference grade; a cell of a grade that
    does not occur shows the count alone.
    """
    with styled():
        figure = Figure(figsize=(2.35 * len(systems), 2.55 * len(rows)), layout="constrained")
        panels = figure.subplots(len(rows), len(systems), squeeze=False)
        for line, (title, tables) in zip(panels, rows, strict=True):
            for axes, system in zip(line, systems, strict=True):
                if system in tables:
                    draw_matrix(axes, tables[system], f"{system}, {title}")
                else:
                    axes.set_axis_off()
    return figure


def draw_matrix(axes: Axes, counts: Counts, title: str) -> None:
    """Draw one table of counts (q, q), rows = reference."""
    totals = counts.sum(1, keepdims=True)
    shares = counts / np.where(totals > 0, totals, 1)
    axes.imshow(shares, cmap="Greys", vmin=0, vmax=1)
    grades = range(len(counts))
    for row in grades:
        for column in grades:
            share = shares[row, column]
            text = str(counts[row, column])
            if totals[row, 0]:
                text += f"\n{100 * share:.0f} %"
            shade = "white" if share > _DARK else "black"
            axes.text(column, row, text, ha="center", va="center", color=shade, fontsize=7)
    axes.set_xticks(grades)
    axes.set_yticks(grades)
    axes.set_xlabel("model", labelpad=1)
    axes.set_ylabel("reference", labelpad=1)
    axes.set_title(title, fontsize=8)
