"""A table as text: what the page, the PDF and the CSV files all show; the one writer of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.files.clean_text import cleaned
from lumbargrade.files.formula_guard import guarded
from lumbargrade.files.write import write_text


@dataclass(frozen=True)
class TextTable:
    """A table; ``name`` is that of its CSV file, without the ending, and ``note`` what a reader
    must know to read it. Each row has as many cells as there are columns.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: a row of {len(row)} cells, not {len(self.columns)}")


def write_csv(table: TextTable, folder: Path) -> Path:
    """Write ``<name>.csv`` into an existing folder and return its path."""
    path = folder / f"{table.name}.csv"
    write_rows(path, table.columns, table.rows)
    return path


def write_rows(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], line_end: str = "\r\n"
) -> None:
    """Write a CSV whole or not at all; None is an empty cell.

    Text is guarded against formulas and cleaned (``clean_text``); ``files.read_table`` reads it
    back as it was cleaned. Raises OSError if it cannot be written.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=line_end)
    for row in (columns, *rows):
        writer.writerow([guarded(cleaned(cell)) if isinstance(cell, str) else cell for cell in row])
    write_text(path, stream.getvalue())
