"""The page holds all that it shows, and runs nothing that it is given."""

from __future__ import annotations

from matplotlib.figure import Figure

from lumbargrade.evaluation.report.page import page
from lumbargrade.figures.pdf import Picture
from lumbargrade.files.table import TextTable


def test_tables_and_figures_stand_in_their_order() -> None:
    table = TextTable("one", "A table", ("a", "b"), (("1", "<b>2</b>"),), "its note")
    html = page("A & B", ["first"], [table, Picture("two", "A figure", "what it shows", Figure())])
    assert "<title>A &amp; B</title>" in html
    assert "&lt;b&gt;2&lt;/b&gt;" in html
    assert html.index("its note") < html.index("what it shows")
    assert "data:image/svg+xml;base64," in html
    assert "<script" not in html
