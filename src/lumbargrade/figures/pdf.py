"""The report as PDF: a page of text, then every figure and table in their order."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from lumbargrade.figures.pdf_page import A4_LONG_PT, A4_SHORT_PT, FOOT_PT, MARGIN_PT, Grid, Page
from lumbargrade.figures.style import clean_words, styled
from lumbargrade.files.table import TextTable


@dataclass(frozen=True)
class Picture:
    """A figure with its title and what it shows, in words."""

    name: str
    title: str
    caption: str
    figure: Figure


def write_pdf(
    path: Path, title: str, paragraphs: Sequence[str], parts: Iterable[Picture | TextTable]
) -> None:
    """Write the PDF: the paragraphs on the first page, the title at the foot of each.

    The figures of ``parts`` take the size of a page.
    """
    metadata = {"Title": title, "CreationDate": None, "ModDate": None}
    with styled(), PdfPages(path, metadata=metadata) as pdf:
        printer = _Printer(pdf, title)
        printer.opening(paragraphs)
        for part in parts:
            if isinstance(part, TextTable):
                printer.table(part)
            else:
                printer.picture(part)
        printer.turn()


class _Printer:
    """Fills pages and numbers them; tables share a page where they fit."""

    def __init__(self, pdf: PdfPages, title: str) -> None:
        self.pdf, self.title = pdf, title
        self.number = 0
        self.page: Page | None = None

    def opening(self, paragraphs: Sequence[str]) -> None:
        page = Page.blank()
        page.text(self.title, 75, 16, weight="bold")
        for paragraph in paragraphs:
            page.height -= 10
            page.text(paragraph, 135, 9)
        self._save(page.figure)

    def table(self, table: TextTable) -> None:
        grid = Grid.of(table)
        if self.page is not None and not self.page.has_room_for(grid):
            self.turn()
        page = self.page or Page.blank()
        page.heading(table.title, table.note, grid)
        for row in grid.rows:
            if page.height - grid.depth_pt(row) < FOOT_PT:
                self._save(page.figure)
                page = Page.blank()
                page.heading(f"{table.title} (continued)", "", grid)
            page.row(row, grid)
        self.page = page

    def picture(self, picture: Picture) -> None:
        self.turn()
        page = picture.figure
        width, height = page.get_size_inches()
        long, short = A4_LONG_PT / 72, A4_SHORT_PT / 72
        size = (short, long) if height > 1.2 * width else (long, short)
        page.set_size_inches(*size)
        engine = page.get_layout_engine()
        if engine is not None:
            engine.set(rect=(0.04, 0.1, 0.92, 0.8))  # type: ignore[call-arg]
        left = MARGIN_PT / 72 / size[0]
        page.text(left, 0.95, picture.title, fontsize=12, weight="bold", va="top")
        caption = "\n".join(textwrap.wrap(picture.caption, int(size[0] * 14)))
        page.text(left, 0.05, caption, fontsize=7.5, va="bottom")
        self._save(page)

    def turn(self) -> None:
        """Finish the page of tables, if there is one."""
        if self.page is not None:
            self._save(self.page.figure)
        self.page = None

    def _save(self, page: Figure) -> None:
        self.number += 1
        width, _ = page.get_size_inches() * 72
        page.text(MARGIN_PT / width, 0.025, self.title, fontsize=7, color="0.3")
        page.text(1 - MARGIN_PT / width, 0.025, str(self.number), fontsize=7, ha="right")
        clean_words(page)
        self.pdf.savefig(page)  # type: ignore[no-untyped-call]
