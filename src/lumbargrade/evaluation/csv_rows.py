"""Rows of a table that a person made, most likely in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lumbargrade.errors import LumbargradeError


def csv_rows(
    path: Path, columns: Sequence[str], kind: type[LumbargradeError], also: str = ""
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield (line number, column -> cell), names in lower case, blanks stripped.

    Parameters
    ----------
    columns : that must be there.
    kind : of the error that is raised.
    also : what a message about missing columns adds, such as columns that may be there.

    Raises
    ------
    LumbargradeError
        Of this kind, if the file cannot be read or lacks a column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise kind(f"{path}: cannot be read as a UTF-8 table: {error}") from error
    lines = text.splitlines()
    head = lines[0] if lines else ""
    # Spreadsheets of many countries write semicolons and call it CSV.
    table = csv.DictReader(lines, delimiter=";" if ";" in head else ",")
    table.fieldnames = [name.strip().lower() for name in table.fieldnames or ()]
    missing = [name for name in columns if name not in table.fieldnames]
    if missing:
        raise kind(
            f"{path}: no column {', '.join(missing)}: the first line must name "
            f"{', '.join(columns)}{also}"
        )
    for row in table:
        yield table.line_num, {name: (cell or "").strip() for name, cell in row.items() if name}
