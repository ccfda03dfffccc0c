"""The report as PDF: one figure, or as much of a table as fits, on each page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from lumbargrade.evaluation.figures.style import STYLE
from lumbargrade.evaluation.sheet import Sheet

A4_LONG_PT, A4_SHORT_PT = 842.0, 595.0
MARGIN_PT = 40.0
WIDEST_CELL = 60
"""Characters after which a cell is broken into lines."""
LETTER_EM = 0.6
"""Width of an average letter."""
LARGEST_PT = 8.0
LINE = 1.35
"""Distance of two lines, in font sizes."""


@dataclass(frozen=True)
class Picture:
    """A figure with its title and what it shows, in words."""

    name: str
    title: str
    caption: str
    figure: Figure


def write_pdf(
    path: Path, title: str, paragraphs: Sequence[str], parts: Iterable[Picture | Sheet]
) -> None:
    """Write a PDF: a first page of text, then every figure and table in their order.

    Parameters
    ----------
    title : of the report; repeated at the foot of each page.
    """
    metadata = {"Title": title, "CreationDate": None, "ModDate": None}
    with rc_context(STYLE), PdfPages(path, metadata=metadata) as pdf:
        number = 1
        for page in _pages(title, paragraphs, parts):
            width, _ = page.get_size_inches() * 72
            page.text(MARGIN_PT / width, 0.025, title, fontsize=7, color="0.3")
            page.text(1 - MARGIN_PT / width, 0.025, str(number), fontsize=7, ha="right")
            pdf.savefig(page)
            number += 1


def _pages(
    title: str, paragraphs: Sequence[str], parts: Iterable[Picture | Sheet]
) -> Iterator[Figure]:
    yield _text_page(title, paragraphs)
    for part in parts:
        if isinstance(part, Sheet):
            yield from _sheet_pages(part)
        else:
            yield _picture_page(part)


def _text_page(title: str, paragraphs: Sequence[str]) -> Figure:
    page, axes = _blank()
    height = A4_SHORT_PT - MARGIN_PT
    for line in textwrap.wrap(title, 75):
        axes.text(MARGIN_PT, height, line, fontsize=16, va="top", weight="bold")
        height -= 16 * LINE
    for paragraph in paragraphs:
        height -= 10
        for line in textwrap.wrap(paragraph, 135):
            axes.text(MARGIN_PT, height, line, fontsize=9, va="top")
            height -= 9 * LINE
    return page


def _picture_page(picture: Picture) -> Figure:
    page = picture.figure
    width, height = page.get_size_inches()
    long, short = A4_LONG_PT / 72, A4_SHORT_PT / 72
    size = (short, long) if height > width else (long, short)
    page.set_size_inches(*size)
    if page.get_layout_engine() is not None:
        page.get_layout_engine().set(rect=(0.04, 0.08, 0.92, 0.82))
    page.text(MARGIN_PT / 72 / size[0], 0.95, picture.title, fontsize=12, weight="bold", va="top")
    caption = "\n".join(textwrap.wrap(picture.caption, int(size[0] * 14)))
    page.text(MARGIN_PT / 72 / size[0], 0.055, caption, fontsize=7.5, va="bottom")
    return page


def _sheet_pages(sheet: Sheet) -> Iterator[Figure]:
    widths = _widths(sheet)
    size = min(LARGEST_PT, (A4_LONG_PT - 2 * MARGIN_PT) / (sum(widths) * LETTER_EM))
    head = _broken(sheet.columns, widths)
    rows = [_broken(row, widths) for row in sheet.rows]
    first, title = 0, sheet.title
    while first < len(rows) or not first:
        page, axes = _blank()
        height = _heading(axes, title, sheet.note if first == 0 else "")
        height = _row(axes, head, widths, height, size, bold=True)
        axes.plot([MARGIN_PT, A4_LONG_PT - MARGIN_PT], [height + size * 0.1] * 2, "k", lw=0.6)
        while first < len(rows) and height - _depth(rows[first], size) > MARGIN_PT + 10:
            height = _row(axes, rows[first], widths, height, size)
            first += 1
        yield page
        title = f"{sheet.title} (continued)"
        if not rows:
            return


def _heading(axes: Axes, title: str, note: str) -> float:
    height = A4_SHORT_PT - MARGIN_PT
    axes.text(MARGIN_PT, height, title, fontsize=12, weight="bold", va="top")
    height -= 12 * LINE + 4
    for line in textwrap.wrap(note, 165):
        axes.text(MARGIN_PT, height, line, fontsize=7.5, va="top")
        height -= 7.5 * LINE
    return height - 6


def _row(
    axes: Axes,
    cells: Sequence[Sequence[str]],
    widths: Sequence[int],
    height: float,
    size: float,
    *,
    bold: bool = False,
) -> float:
    """Write the cells at ``height`` and return the height below them."""
    x = MARGIN_PT
    for lines, width in zip(cells, widths, strict=True):
        for index, line in enumerate(lines):
            axes.text(
                x,
                height - index * size * LINE,
                line,
                fontsize=size,
                va="top",
                weight="bold" if bold else "normal",
            )
        x += width * size * LETTER_EM
    return height - _depth(cells, size)


def _depth(cells: Sequence[Sequence[str]], size: float) -> float:
    return max(len(lines) for lines in cells) * size * LINE + size * 0.35


def _widths(sheet: Sheet) -> list[int]:
    """Characters of each column: of its longest cell, or the longest word of its heading."""
    widths = []
    for index, head in enumerate(sheet.columns):
        cells = max((len(row[index]) for row in sheet.rows), default=1)
        word = max((len(one) for one in head.split()), default=1) + 1  # bold is wider
        widths.append(min(max(cells, word), WIDEST_CELL) + 1)
    return widths


def _broken(cells: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    return [
        textwrap.wrap(cell, max(width - 1, 1)) or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]


def _blank() -> tuple[Figure, Axes]:
    """A landscape page whose axes are in points from its lower left corner."""
    page = Figure(figsize=(A4_LONG_PT / 72, A4_SHORT_PT / 72))
    axes = page.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, A4_LONG_PT)
    axes.set_ylim(0, A4_SHORT_PT)
    return page, axes
