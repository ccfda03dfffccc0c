"""Tables of the rooms as tables of the console."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rich.markup import escape
from rich.table import Table

from lumbargrade.files.clean_text import cleaned
from lumbargrade.files.table import TextTable


def rich_table(
    content: TextTable,
    columns: Collection[str] = (),
    *,
    no_wrap: bool = False,
    numbers: bool = False,
    section_rows: int = 0,
    **style: Any,
) -> Table:
    """Return a table, or some of its columns, for the console.

    Parameters
    ----------
    columns : headings of those that are shown; empty for all.
    no_wrap : cells keep their line.
    numbers : every column but the first is set flush right.
    section_rows : so many rows make a section; 0 for a table in one piece.
    style : of the whole table, as ``rich.table.Table`` takes it.
    """
    table = Table(title=content.title or None, **style)
    chosen = [place for place, name in enumerate(content.columns) if name in columns or not columns]
    for place in chosen:
        right = numbers and place > 0
        heading = escape(content.columns[place])
        table.add_column(heading, justify="right" if right else "left", no_wrap=no_wrap)
    for number, row in enumerate(content.rows, start=1):
        ends = section_rows > 0 and number % section_rows == 0
        table.add_row(*(escape(cleaned(row[place])) for place in chosen), end_section=ends)
    return table
