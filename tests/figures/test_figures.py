"""Figures: what is drawn, in vectors and without colour."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from tests.evaluation.material import evaluation

from lumbargrade.evaluation.report.figures import paper_pictures
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.figures.confusion import confusion_figure
from lumbargrade.figures.flow import flow_figure
from lumbargrade.figures.roc import roc_figure
from lumbargrade.figures.style import svg
from lumbargrade.statistics.patients import Count, Flow
from lumbargrade.statistics.roc import roc_curve


@pytest.fixture(scope="module")
def results() -> Evaluation:
    return evaluation()


def texts(figure: Figure) -> list[str]:
    return [one.get_text() for axes in figure.axes for one in axes.texts]


def test_the_flow_names_every_box_and_draws_an_arrow_to_each() -> None:
    flow = Flow(
        cohort=Count("cohort", 9, 90),
        left_out=(Count("another contrast", 9, 20),),
        parts=(Count("train and validation", 5, 40), Count("internal test", 4, 30)),
        graded=(Count("internal test", 1, 28),),
    )
    found = [one for one in texts(flow_figure(flow)) if one]
    assert found == [
        "cohort\n9 patients, 90 images",
        "another contrast\n9 patients, 20 images\nleft out",
        "train and validation\n5 patients, 40 images\nnot evaluated",
        "internal test\n4 patients, 30 images",
        "graded\n1 patient, 28 images",
    ]
    assert texts(flow_figure(flow)).count("") == 4


def test_a_matrix_shows_counts_and_shares_of_its_row() -> None:
    counts = np.array([[3, 1], [0, 0]])
    figure = confusion_figure([("all", {"LDH": counts})], ["LDH", "LCCS"])
    assert texts(figure) == ["3\n75 %", "1\n25 %", "0", "0"]
    assert [axes.axison for axes in figure.axes] == [True, False]
    dark = [one.get_color() for one in figure.axes[0].texts]
    assert dark == ["white", "black", "black", "black"]


def test_curves_differ_by_their_dashes() -> None:
    curve = roc_curve(np.array([False, True]), np.array([0.1, 0.9]))
    figure = roc_figure({"internal test": [("LDH", curve), ("LCCS", curve), ("LNRC", curve)]})
    (axes,) = figure.axes
    lines = axes.get_lines()[1:]
    assert len({line.get_linestyle() for line in lines}) == 3
    assert {line.get_color() for line in lines} == {"black"}
    legend = axes.get_legend()
    assert legend is not None
    assert [one.get_text() for one in legend.get_texts()] == ["LDH", "LCCS", "LNRC"]


def test_pictures_have_the_runs_and_the_articles_numbers(results: Evaluation) -> None:
    drawn = {one.name: one for one in paper_pictures(results)}
    assert list(drawn) == ["figure-1", "figure-6", "figure-7", "figure-8"]
    assert "1034\n92 %" in texts(drawn["figure-6"].figure)
    assert "286\n94 %" in texts(drawn["figure-7"].figure)
    first = results.of_part("internal test")["LDH"].table[0][0]
    assert texts(drawn["figure-6"].figure)[0].split("\n")[0] == str(first)
    (legend, _) = [axes.get_legend() for axes in drawn["figure-8"].figure.axes]
    assert legend is not None
    assert "Su et al. 2022: 0.97" in legend.get_texts()[0].get_text()


def test_svg_is_grey_and_needs_no_font(results: Evaluation) -> None:
    for one in paper_pictures(results):
        text = svg(one.figure)
        assert "<text" not in text
        for colour in set(re.findall(r"#[0-9a-f]{6}", text)):
            assert colour[1:3] == colour[3:5] == colour[5:7], (one.name, colour)
