"""A table as text: what the page, the PDF and the CSV files all show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lumbargrade.files.write_table import write_rows


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
    write_rows(path, table.columns, table.rows)
    return path
