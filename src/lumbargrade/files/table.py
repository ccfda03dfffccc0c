"""A table as text: what the page, the PDF and the CSV files all show."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_FORMULA = re.compile(r"[=+@\t\r-]")
"""What a spreadsheet would run; names of scanners, readers and patients come from files."""
_NUMBER = re.compile(r"[-+]\d[\d.]*( \([-+\d. a-z]*\))?|-")
"""A number with its sign, with its interval or without, or the dash of nothing."""


@dataclass(frozen=True)
class TextTable:
    """A table.

    Attributes
    ----------
    name : of its CSV file, without the ending.
    title : heading.
    columns : one heading a column.
    rows : as many cells each as there are columns.
    note : what a reader must know to read it; may be empty.
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
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(table.columns)
        writer.writerows([safe(cell) for cell in row] for row in table.rows)
    return path


def safe(cell: str) -> str:
    """Return the cell, behind a quote where a spreadsheet would run it as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell
