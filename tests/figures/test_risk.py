"""Risk against coverage, in percent, with the limit and the model's own set."""

from __future__ import annotations

import numpy as np
import pytest
from tests.figures.drawn import legend, points, texts

from lumbargrade.figures.risk import Risk, risk_figure
from lumbargrade.statistics.selective import RiskCurve, risk_curve

WRONG = np.array([True, False, True, False])
DOUBT = np.array([0.9, 0.1, 0.4, 0.2])


def curve() -> RiskCurve:
    return risk_curve(DOUBT, WRONG)


def test_error_falls_as_doubtful_images_are_asked_about() -> None:
    figure = risk_figure({"internal test": [Risk("LDH", curve(), (0.25, 0.3))]}, 0.05)
    (axes,) = figure.axes
    line, point, limit = axes.get_lines()
    # two of four are wrong; the most doubtful of them is asked about first
    np.testing.assert_allclose(points(line), [(0, 50), (25, 100 / 3), (50, 0), (75, 0)])
    assert points(point) == [(25, 30)]
    assert {y for _, y in points(limit)} == {5.0}
    assert texts(figure) == ["limit 5 %"]
    assert legend(axes) == ["LDH", "LDH, by the set"]


def test_without_sets_there_is_a_line_alone() -> None:
    figure = risk_figure(
        {"a": [Risk("LDH", curve(), None)], "b": [Risk("LCCS", curve(), None)]}, 0.05
    )
    first, second = figure.axes
    assert legend(first) == ["LDH"]
    for axes in (first, second):
        assert list(axes.get_ylim()) == pytest.approx([0, 57.5])


def test_lines_differ_by_their_dashes() -> None:
    lines = [Risk(f"system {n}", curve(), None) for n in range(3)]
    (axes,) = risk_figure({"a": lines}, 0.05).axes
    dashes = [line.get_linestyle() for line in axes.get_lines()[:3]]
    assert len(set(dashes)) == 3
