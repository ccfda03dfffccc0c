"""Reliability diagrams: every filled bin is a point where it belongs, few images are hollow."""

from __future__ import annotations

from matplotlib.figure import Figure
from tests.figures.drawn import legend, points

from lumbargrade.figures.reliability import FEWEST, Reliability, draw_bins, reliability_figure
from lumbargrade.statistics.calibration import ReliabilityBin


def one_bin(low: float, count: int, confidence: float = 0.0, right: float = 0.0) -> ReliabilityBin:
    return ReliabilityBin(low, low + 0.1, count, confidence, right)


AFTER = (one_bin(0.5, 0), one_bin(0.8, FEWEST - 1, 0.85, 0.7), one_bin(0.9, 200, 0.95, 0.9))
BEFORE = (one_bin(0.9, 209, 0.99, 0.88),)


def test_filled_bins_are_points_and_few_images_hollow() -> None:
    axes = Figure().add_subplot()
    draw_bins(axes, (), AFTER)
    diagonal, line, few, many = axes.get_lines()
    assert points(diagonal) == [(0, 0), (1, 1)]
    assert points(line) == [(0.85, 0.7), (0.95, 0.9)]
    assert (few.get_markerfacecolor(), many.get_markerfacecolor()) == ("white", "black")
    assert axes.get_legend() is None  # nothing to tell apart


def test_before_the_temperature_is_told_apart_by_line_and_mark() -> None:
    axes = Figure().add_subplot()
    draw_bins(axes, BEFORE, AFTER)
    assert legend(axes) == ["before temperature", "as shown"]
    before = [one for one in axes.get_lines() if one.get_label() == "before temperature"]
    assert before[0].get_linestyle() == ":"


def test_counts_stand_below_each_panel() -> None:
    figure = reliability_figure(
        [[Reliability("LDH", AFTER, BEFORE), Reliability("LCCS", AFTER, ())]]
    )
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["LDH", "", "LCCS", ""]
    counts = figure.axes[1]
    assert counts.get_yscale() == "log"
    heights = [bar.get_height() for bar in counts.containers[0]]
    assert heights == [0, FEWEST - 1, 200]
    assert counts.get_ylim()[1] > 200
