"""The one writer of CSV: UTF-8, commas, whole or absent, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from lumbargrade.files.formula_guard import guarded
from lumbargrade.files.write import write_text


def write_rows(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], line_end: str = "\r\n"
) -> None:
    """Write a line of names, then the rows; None is an empty cell.

    ``files.read_table`` reads text back as it was.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=line_end)
    for row in (columns, *rows):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    write_text(path, stream.getvalue())
