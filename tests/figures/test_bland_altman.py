"""Bland-Altman plots: the points, the three lines and the words beside them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.figures.drawn import points

from lumbargrade.figures.bland_altman import MANY, BlandAltman, bland_altman_figure
from lumbargrade.figures.style import svg
from lumbargrade.statistics.bootstrap import Estimate

VALUES = np.array([(2.0, 1.0), (4.0, 4.0), (6.0, 7.5)])
NAN = float("nan")


def panel(title: str = "sac depth", values: np.ndarray = VALUES) -> BlandAltman:
    bias, lower = Estimate(-0.17, -0.5, 0.2), Estimate(-2.6, -3.0, -2.2)
    return BlandAltman(title, "mm", values, bias, lower, Estimate(2.3, NAN, NAN))


def test_points_are_difference_against_mean() -> None:
    (axes,) = bland_altman_figure([panel()], "net minus Ann").axes
    drawn, zero, bias, lower, upper = axes.get_lines()
    assert points(drawn) == [(1.5, 1.0), (4.0, 0.0), (6.75, -1.5)]
    heights = [points(line)[0][1] for line in (zero, bias, lower, upper)]
    assert heights == [0.0, -0.17, -2.6, 2.3]
    assert bias.get_linestyle() == "-"
    assert lower.get_linestyle() == upper.get_linestyle() == "--"
    assert [one.get_text() for one in axes.texts] == ["-0.17", "-2.60", "2.30"]
    assert axes.get_title() == "sac depth, mm"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("mean of the two", "net minus Ann")


def test_every_line_and_point_is_inside() -> None:
    (axes,) = bland_altman_figure([panel()], "a minus b").axes
    low, high = axes.get_ylim()
    assert low < -2.6
    assert high > 2.3
    assert len(axes.patches) == 2  # bands, where there is an interval


def test_undefined_limits_are_not_drawn() -> None:
    nothing = Estimate(NAN, NAN, NAN)
    alone = BlandAltman("sac depth", "", VALUES[:1], nothing, nothing, nothing)
    figure = bland_altman_figure([alone], "a minus b")
    (axes,) = figure.axes
    assert len(axes.get_lines()) == 2  # the point and zero
    assert axes.get_title() == "sac depth"
    assert svg(figure)


@pytest.mark.parametrize(("count", "labelled"), [(1, 1), (3, 3), (4, 3), (9, 3)])
def test_small_multiples_are_labelled_at_the_edges(count: int, labelled: int) -> None:
    figure = bland_altman_figure([panel(str(n)) for n in range(count)], "a minus b")
    assert [axes.get_title() for axes in figure.axes] == [f"{n}, mm" for n in range(count)]
    assert sum(bool(axes.get_xlabel()) for axes in figure.axes) == labelled
    assert sum(bool(axes.get_ylabel()) for axes in figure.axes) == -(-count // 3)


def test_many_points_are_one_picture() -> None:
    rng = np.random.default_rng(1)
    text = svg(bland_altman_figure([panel(values=rng.normal(size=(MANY + 1, 2)))], "a minus b"))
    assert "<image" in text
    assert len(text) < 200_000
