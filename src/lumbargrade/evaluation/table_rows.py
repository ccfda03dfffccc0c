"""Rows of a table that people made: CSV with commas or semicolons, names in any order."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lumbargrade.errors import LumbargradeError

LARGEST_TABLE_BYTES = 256 * 1024 * 1024


def table_rows(
    path: Path, required: Sequence[str], error: type[LumbargradeError]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield (line number, column -> cell), names in lower case, blanks stripped.

    Parameters
    ----------
    required : columns that the first line must name, in lower case.
    error : what is raised if the file cannot be read, is no table, or lacks a column.
    """
    try:
        if path.stat().st_size > LARGEST_TABLE_BYTES:
            raise error(f"{path}: is too large for a table: give a CSV of one row a finding")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise error(f"{path}: cannot be read as a UTF-8 table: {fault}") from fault
    lines = text.splitlines()
    head = lines[0] if lines else ""
    # Spreadsheets of many countries write semicolons and call it CSV.
    table = csv.DictReader(lines, delimiter=";" if ";" in head else ",")
    try:
        table.fieldnames = [name.strip().lower() for name in table.fieldnames or ()]
        missing = [name for name in required if name not in table.fieldnames]
        if missing:
            raise error(
                f"{path}: no column {', '.join(missing)}: the first line must name "
                f"{', '.join(required)}"
            )
        for row in table:
            # A row that is too long has a list under None.
            yield table.line_num, {name: _cell(cell) for name, cell in row.items() if name}
    except csv.Error as fault:
        raise error(f"{path}: line {table.line_num} cannot be read as CSV: {fault}") from fault


def _cell(cell: str | None) -> str:
    """Without blanks, and without the quote that keeps a spreadsheet from running a formula."""
    text = (cell or "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
