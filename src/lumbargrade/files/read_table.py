"""Rows of a table that people made: commas, semicolons or tabs, names in any order."""

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
    error : what is raised if the file cannot be read, is no table, lacks a column or has
        one twice, or a row has more cells than there are columns.
    """
    try:
        if path.stat().st_size > LARGEST_TABLE_BYTES:
            raise error(f"{path}: is too large for a table: give a CSV with one row per finding")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise error(f"{path}: cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError:
        raise error(f"{path}: is not a UTF-8 table: save it as CSV in UTF-8") from None
    lines = text.splitlines()
    head = lines[0] if lines else ""
    # Spreadsheets of many countries write semicolons and call it CSV.
    delimiter = next((sign for sign in ";\t" if sign in head), ",")
    table = csv.DictReader(lines, delimiter=delimiter)
    try:
        table.fieldnames = [name.strip().lower() for name in table.fieldnames or ()]
        twice = sorted({one for one in table.fieldnames if one and table.fieldnames.count(one) > 1})
        if twice:
            raise error(f"{path}: column {', '.join(twice)} occurs twice: keep one")
        missing = [name for name in required if name not in table.fieldnames]
        if missing:
            raise error(
                f"{path}: no column {', '.join(missing)}: the first line must name "
                f"{', '.join(required)}"
            )
        for row in table:
            # csv puts what is too much under None; an unquoted comma ends up there.
            if any(cell.strip() for cell in row.get(None) or ()):
                raise error(
                    f"{path}: line {table.line_num} has more cells than the first line: quote a "
                    f"cell that holds a {delimiter!r}"
                )
            yield table.line_num, {name: _cell(cell) for name, cell in row.items() if name}
    except csv.Error as fault:
        raise error(f"{path}: line {table.line_num} cannot be read as CSV: {fault}") from fault


def _cell(cell: str | None) -> str:
    """Without blanks, and without the quote that keeps a spreadsheet from running a formula."""
    text = (cell or "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
