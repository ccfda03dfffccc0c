"""Tables of counts: the number, its share of the reference grade, and a readable shade."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from tests.figures.drawn import texts

from lumbargrade.figures.confusion import confusion_figure, draw_matrix


def test_a_matrix_shows_counts_and_shares_of_its_row() -> None:
    counts = np.array([[3, 1], [0, 0]])
    figure = confusion_figure([("all", {"LDH": counts})], ["LDH", "LCCS"])
    assert texts(figure) == ["3\n75 %", "1\n25 %", "0", "0"]
    assert [axes.axison for axes in figure.axes] == [True, False]
    dark = [one.get_color() for one in figure.axes[0].texts]
    assert dark == ["white", "black", "black", "black"]


def test_rows_are_the_reference_from_top_to_bottom() -> None:
    axes = Figure().add_subplot()
    draw_matrix(axes, np.array([[1, 2, 0], [0, 5, 0], [4, 0, 6]]), "LDH, all")
    shown = {one.get_position(): one.get_text().split("\n")[0] for one in axes.texts}
    assert shown[1, 0] == "2"  # (column, row): reference 0, model 1
    assert shown[0, 2] == "4"
    assert axes.yaxis_inverted()
    assert (axes.get_ylabel(), axes.get_xlabel(), axes.get_title()) == (
        "reference",
        "model",
        "LDH, all",
    )


def test_every_title_is_a_row_and_every_system_a_column() -> None:
    counts = np.eye(2, dtype=np.int64)
    figure = confusion_figure(
        [("all", {"A": counts, "B": counts}), ("men", {"B": counts})], ["A", "B"]
    )
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["A, all", "B, all", "", "B, men"]
