"""The printed report: a page for each figure, tables together, pages numbered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from lumbargrade.figures.pdf import Picture, write_pdf
from lumbargrade.figures.pdf_page import LARGEST_PT, Grid
from lumbargrade.files.table import TextTable


def picture(width: float = 5, height: float = 3) -> Picture:
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.add_subplot().plot([0, 1], [0, 1])
    return Picture("figure-1", "Figure 1", "A line, and what it shows.", figure)


def table(rows: int) -> TextTable:
    return TextTable("t", "Table 1", ("a", "b"), (("1", "2"),) * rows, "Note.")


def pages(path: Path) -> list[tuple[float, float]]:
    """Width and height of every page in points."""
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", path.read_bytes())
    return [(float(width), float(height)) for width, height in boxes]


def test_short_tables_share_a_page_and_figures_do_not(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_pdf(path, "Evaluation", ["Words."], [picture(), table(3), table(3), picture()])
    assert len(pages(path)) == 1 + 1 + 1 + 1
    assert set(pages(path)) == {(842, 595)}


def test_a_long_table_goes_on_over_pages(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_pdf(path, "Evaluation", [], [table(150)])
    assert len(pages(path)) in (1 + 4, 1 + 5)


@pytest.mark.parametrize("rows", [31, 33, 35])
def test_a_table_a_little_longer_than_a_page_takes_one(tmp_path: Path, rows: int) -> None:
    assert 0.8 * LARGEST_PT < Grid.of(table(rows)).size_pt < 0.99 * LARGEST_PT
    path = tmp_path / "report.pdf"
    write_pdf(path, "Evaluation", [], [table(rows)])
    assert len(pages(path)) == 2


def test_a_tall_figure_stands_upright(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_pdf(path, "Evaluation", [], [picture(3, 6), picture(6, 3)])
    first, tall, wide = pages(path)
    assert [first, tall, wide] == [(842, 595), (595, 842), (842, 595)]


def test_same_content_same_file(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_pdf(tmp_path / name, "Evaluation", ["Words."], [picture(), table(3)])
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert b"/Title (Evaluation)" in (tmp_path / "a.pdf").read_bytes()
