"""A table from rows in which each cell stands beside its heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lumbargrade.files.table import TextTable


def table_of(name: str, title: str, rows: Sequence[Mapping[str, str]], note: str = "") -> TextTable:
    """Return a table; ``rows`` (at least one) are heading -> cell, the same headings in each."""
    columns = tuple(rows[0])
    cells = tuple(tuple(row[column] for column in columns) for row in rows)
    return TextTable(name, title, columns, cells, note)
