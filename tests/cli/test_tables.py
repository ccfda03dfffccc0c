"""A table of a room on the console."""

from __future__ import annotations

import io
from typing import Any

from rich.box import ASCII
from rich.console import Console

from lumbargrade.cli.tables import rich_table
from lumbargrade.files.table import TextTable

TABLE = TextTable("t", "Title", ("name", "n"), (("[b]Ann[/b]", "1"), ("Bob", "22"), ("Cy", "3")))


def printed(content: TextTable, *arguments: Any, **style: Any) -> list[str]:
    file = io.StringIO()
    table = rich_table(content, *arguments, box=ASCII, **style)
    Console(file=file, width=40).print(table)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_title_headings_and_cells_as_they_are() -> None:
    assert printed(TABLE) == [
        "       Title",
        "+-----------------+",
        "| name       | n  |",
        "|------------+----|",
        "| [b]Ann[/b] | 1  |",
        "| Bob        | 22 |",
        "| Cy         | 3  |",
        "+-----------------+",
    ]


def test_some_columns_and_no_title() -> None:
    shown = printed(TextTable("t", "", TABLE.columns, TABLE.rows), ("n",))
    assert shown[0].startswith("+")
    assert "name" not in "".join(shown)
    assert "| 22 |" in shown


def test_numbers_are_flush_right() -> None:
    shown = printed(TABLE, numbers=True)
    assert "| Bob        | 22 |" in shown
    assert "| Cy         |  3 |" in shown


def test_sections() -> None:
    shown = printed(TABLE, section_rows=2)
    assert [number for number, line in enumerate(shown) if line.startswith("|---")] == [3, 6]


def test_cells_that_must_not_wrap_do_not() -> None:
    long = TextTable(
        "t", "", ("a", "b"), (("one two three four", "five six seven eight nine ten"),)
    )
    assert len(printed(long)) > 5
    assert len(printed(long, no_wrap=True)) == 5
