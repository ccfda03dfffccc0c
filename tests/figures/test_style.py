"""Every figure is a vector file of its own: grey, the same each time, without fonts."""

from __future__ import annotations

import re

import matplotlib
from matplotlib.figure import Figure

from lumbargrade.figures.style import DASHES, clean_words, styled, svg


def drawn() -> Figure:
    with styled():
        figure = Figure(figsize=(2, 2))
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], "k--", label="a line")
        axes.legend()
    return figure


def test_the_same_figure_is_the_same_file() -> None:
    first = svg(drawn())
    assert first == svg(drawn())
    assert "<dc:date>" not in first


def test_text_is_drawn_so_that_no_font_is_needed() -> None:
    text = svg(drawn())
    assert text.count("<svg") == 1
    assert "<text" not in text
    assert set(re.findall(r"#[0-9a-f]{6}", text)) <= {"#000000", "#ffffff", "#cccccc"}


def test_a_name_in_a_figure_steers_nothing_and_is_no_formula() -> None:
    figure = drawn()
    figure.axes[0].set_title("a\x1b[31m \u202e$x^$")
    clean_words(figure)
    assert figure.axes[0].get_title() == "a?[31m ?$x^$"
    assert "<svg" in svg(figure)


def test_the_style_is_left_behind() -> None:
    before = matplotlib.rcParams["font.size"]
    with styled():
        assert matplotlib.rcParams["font.size"] == 9
    assert matplotlib.rcParams["font.size"] == before


def test_each_dash_is_another_one() -> None:
    assert len(set(DASHES)) == len(DASHES) == 4
