"""A table on a page: it fits, nothing of a cell is lost, rows do not overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.figures.drawn import points

from lumbargrade.figures.pdf_page import (
    A4_LONG_PT,
    A4_SHORT_PT,
    FOOT_PT,
    LARGEST_PT,
    LEAST_ROWS,
    MARGIN_PT,
    WIDEST_CELL,
    Grid,
    Page,
)
from lumbargrade.files.table import TextTable


def table(rows: int, cell: str = "0.85 (0.81-0.89)", columns: int = 4) -> TextTable:
    heads = tuple(f"column {number}" for number in range(columns))
    return TextTable("t", "A table", heads, ((cell,) * columns,) * rows, "A note.")


@given(
    cells=st.lists(st.text("abc def-", min_size=1, max_size=200), min_size=2, max_size=2),
    columns=st.integers(2, 24),
)
def test_a_table_is_no_wider_than_the_page_and_keeps_its_words(
    cells: list[str], columns: int
) -> None:
    row = tuple(cells[number % 2] for number in range(columns))
    grid = Grid.of(TextTable("t", "T", tuple(f"c{n}" for n in range(columns)), (row,)))
    assert grid.width_pt <= A4_LONG_PT - 2 * MARGIN_PT + 1e-6
    assert grid.size_pt <= LARGEST_PT
    for cell, lines in zip(row, grid.rows[0], strict=True):
        assert max(map(len, lines)) <= WIDEST_CELL
        assert "".join("".join(lines).split()) == "".join(cell.split())


def test_a_long_cell_makes_its_row_higher() -> None:
    grid = Grid.of(table(1, cell="word " * 40, columns=2))
    short = Grid.of(table(1, columns=2))
    assert grid.depth_pt(grid.rows[0]) > 2 * short.depth_pt(short.rows[0])


def test_a_table_a_little_longer_than_a_page_becomes_smaller() -> None:
    sizes = {rows: Grid.of(table(rows)).size_pt for rows in range(5, 80)}
    smaller = [rows for rows, size in sizes.items() if size < 0.985 * LARGEST_PT]
    assert smaller == list(range(smaller[0], smaller[-1] + 1))
    assert sizes[smaller[0] - 2] == LARGEST_PT
    assert sizes[79] == pytest.approx(0.99 * LARGEST_PT)
    assert 0.8 * LARGEST_PT < sizes[smaller[-1]] < 0.86 * LARGEST_PT


def test_a_short_table_needs_its_whole_height_a_long_one_a_beginning() -> None:
    page = Page.blank()
    short, long = Grid.of(table(10)), Grid.of(table(200))
    assert page.has_room_for(short)
    assert page.has_room_for(long)
    page.height = FOOT_PT + short.whole_pt() - 1
    assert not page.has_room_for(short)
    beginning = sum(map(long.depth_pt, long.rows[:LEAST_ROWS]))
    assert beginning < short.whole_pt()


def test_rows_are_written_below_each_other_in_their_columns() -> None:
    page = Page.blank()
    grid = Grid.of(TextTable("t", "T", ("a", "b"), (("1", "2"), ("3", "4"))))
    for row in grid.rows:
        page.row(row, grid)
    places = {text: (x, y) for x, y, text, _ in page.words.lines}
    assert places["1"][0] == places["3"][0] == MARGIN_PT
    assert places["2"][0] == places["4"][0] > MARGIN_PT
    assert places["1"][1] == places["2"][1]
    assert places["1"][1] - places["3"][1] == pytest.approx(grid.depth_pt(grid.rows[0]))
    assert page.height == pytest.approx(A4_SHORT_PT - MARGIN_PT - 2 * grid.depth_pt(grid.rows[0]))


def test_a_heading_has_title_note_columns_and_a_line() -> None:
    page = Page.blank()
    grid = Grid.of(table(1))
    page.heading("Table 1", "Read with care.", grid)
    written = [text for _, _, text, _ in page.words.lines]
    assert written == ["Table 1", "Read with care.", *(f"column {n}" for n in range(4))]
    (line,) = page.axes.get_lines()
    (_, y), _ = points(line)
    assert page.height < y < A4_SHORT_PT - MARGIN_PT
