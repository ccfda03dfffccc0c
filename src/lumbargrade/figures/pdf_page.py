"""A page of print, written from top to bottom, and how a table is set on it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lumbargrade.figures.pdf_text import Words
from lumbargrade.files.table import TextTable

A4_LONG_PT, A4_SHORT_PT = 842.0, 595.0
MARGIN_PT, FOOT_PT = 40.0, 45.0
WIDEST_CELL = 70
"""Letters after which a cell is broken into lines."""
LETTER_EM = 0.56
"""Width of an average letter, in sizes of the type."""
BOLD = 1.12
"""Width of a bold letter, in plain ones."""
LARGEST_PT = 8.0
LINE = 1.35
"""Distance of two lines, in sizes of the type."""
LEAST_ROWS = 6
"""Rows of a table longer than a page that must fit, or it begins on the next page."""
LITTLE = 1.2
"""Longer than a page by up to this, a table is set in smaller type."""
HEADING_PT = 80.0
"""Room for the title and the note of a table."""


@dataclass(frozen=True)
class Grid:
    """How a table is set: letters of each column, size of the type, lines of headings and cells."""

    widths: list[int]
    size_pt: float
    head: list[list[str]]
    rows: list[list[list[str]]]

    @classmethod
    def of(cls, table: TextTable) -> Grid:
        """Set a table so that it is no wider than a landscape page."""
        widths = _widths(table)
        fits = (A4_LONG_PT - 2 * MARGIN_PT) / (sum(widths) * LETTER_EM)
        rows = [_broken(row, widths) for row in table.rows]
        head = _broken(table.columns, [round(width / BOLD) for width in widths])
        set_large = cls(widths, min(LARGEST_PT, fits), head, rows)
        # A table a little longer than a page becomes smaller: no page for a row or two.
        too_long = set_large.whole_pt() / (A4_SHORT_PT - MARGIN_PT - FOOT_PT)
        shrunk = set_large.size_pt / too_long if 1 < too_long < LITTLE else set_large.size_pt
        return replace(set_large, size_pt=0.99 * shrunk if too_long > 1 else shrunk)

    @property
    def width_pt(self) -> float:
        """Width of the whole table."""
        return sum(self.widths) * self.size_pt * LETTER_EM

    def whole_pt(self) -> float:
        """Height of the table with title and note, if it stood on one page."""
        return HEADING_PT + self.depth_pt(self.head) + sum(map(self.depth_pt, self.rows))

    def depth_pt(self, cells: Sequence[Sequence[str]]) -> float:
        """Return the height of a row."""
        return max(len(lines) for lines in cells) * self.size_pt * LINE + self.size_pt * 0.4


@dataclass
class Page:
    """A landscape page, its axes in points from the lower left corner.

    ``height`` is where the next line goes, in points.
    """

    figure: Figure
    axes: Axes
    words: Words
    height: float

    @classmethod
    def blank(cls) -> Page:
        """Return an empty page."""
        figure = Figure(figsize=(A4_LONG_PT / 72, A4_SHORT_PT / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, A4_LONG_PT)
        axes.set_ylim(0, A4_SHORT_PT)
        words = Words()
        figure.add_artist(words)
        return cls(figure, axes, words, A4_SHORT_PT - MARGIN_PT)

    def has_room_for(self, grid: Grid) -> bool:
        """Return whether a table fits, or begins well if it is longer than a page."""
        heading = HEADING_PT + grid.depth_pt(grid.head)
        whole = grid.whole_pt()
        first = heading + sum(map(grid.depth_pt, grid.rows[:LEAST_ROWS]))
        fits_a_page = whole < A4_SHORT_PT - MARGIN_PT - FOOT_PT
        return (whole if fits_a_page else first) < self.height - FOOT_PT

    def text(self, text: str, letters: int, size_pt: float, weight: str = "normal") -> None:
        """Write text, broken after so many letters."""
        for line in textwrap.wrap(text, letters):
            self.words.write((MARGIN_PT, self.height), line, size_pt, weight)
            self.height -= size_pt * LINE

    def heading(self, title: str, note: str, grid: Grid) -> None:
        """Write title and note of a table, and the headings of its columns."""
        if self.height < A4_SHORT_PT - MARGIN_PT:
            self.height -= 22
        self.text(title, 90, 12, weight="bold")
        self.height -= 3
        self.text(note, 165, 7.5)
        self.height -= 6
        self.row(grid.head, grid, weight="bold")
        y = self.height + grid.size_pt * 0.2
        self.axes.plot([MARGIN_PT, MARGIN_PT + grid.width_pt], [y, y], "k", lw=0.6)
        self.height -= grid.size_pt * 0.3

    def row(self, cells: Sequence[Sequence[str]], grid: Grid, weight: str = "normal") -> None:
        """Write a row, each cell given as its lines."""
        x, step = MARGIN_PT, grid.size_pt * LINE
        for lines, width in zip(cells, grid.widths, strict=True):
            for index, line in enumerate(lines):
                y = self.height - index * step
                self.words.write((x, y), line, grid.size_pt, weight)
            x += width * grid.size_pt * LETTER_EM
        self.height -= grid.depth_pt(cells)


def _widths(table: TextTable) -> list[int]:
    """Letters of each column: of its longest cell, or the longest word of its heading."""
    widths = []
    for index, head in enumerate(table.columns):
        cells = max((len(row[index]) for row in table.rows), default=1)
        word = max((len(one) for one in head.split()), default=1) + 2  # bold is wider
        widths.append(min(max(cells, word), WIDEST_CELL) + 2)
    return widths


def _broken(cells: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    return [
        textwrap.wrap(cell, max(width - 2, 1)) or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
