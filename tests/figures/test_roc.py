"""ROC curves, told apart without colour."""

from __future__ import annotations

import numpy as np
from tests.figures.drawn import legend, points

from lumbargrade.figures.roc import roc_figure
from lumbargrade.statistics.roc import roc_curve


def test_curves_differ_by_their_dashes() -> None:
    curve = roc_curve(np.array([False, True]), np.array([0.1, 0.9]))
    figure = roc_figure({"internal test": [("LDH", curve), ("LCCS", curve), ("LNRC", curve)]})
    (axes,) = figure.axes
    lines = axes.get_lines()[1:]
    assert len({line.get_linestyle() for line in lines}) == 3
    assert {line.get_color() for line in lines} == {"black"}
    assert legend(axes) == ["LDH", "LCCS", "LNRC"]


def test_a_curve_is_drawn_through_its_points() -> None:
    curve = roc_curve(np.array([False, True, False, True]), np.array([0.1, 0.4, 0.6, 0.9]))
    figure = roc_figure({"a": [("LDH", curve)], "b": [("LCCS", curve)]})
    first, second = figure.axes
    diagonal, line = first.get_lines()
    assert points(diagonal) == [(0, 0), (1, 1)]
    assert points(line) == [(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)]
    assert (first.get_title(), second.get_title()) == ("a", "b")
    assert (first.get_xlabel(), first.get_ylabel()) == ("1 - specificity", "sensitivity")
    assert first.get_aspect() == 1.0
