"""The one reader of CSV, whatever program or hand has written it.

Commas, semicolons or tabs; UTF-8 with or without a mark; columns in any order, their names in
any case and either spelling of accents; quoted cells may hold line ends. The quote that
keeps a spreadsheet from running a formula is taken off. Accents in cells stay as they are
spelled: who compares names composes them (``readings.read.composed``).
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import LumbargradeError
from lumbargrade.files.formula_guard import unguarded

LARGEST_TABLE_BYTES = 256 * 1024 * 1024
_DELIMITERS = ",;\t"
_Error = type[LumbargradeError]
_Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A table of which the first line is read.

    Attributes
    ----------
    heading : names of the columns as they are written; one may be empty.
    columns : the same as :func:`column_name` spells them.
    rows : (line where the row begins, as many cells as there are columns), to be read once;
        rows without any text are left out.
    """

    heading: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Iterator[_Record]


def column_name(text: str) -> str:
    """Return the name of a column without blanks, in lower case and with composed accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).strip().lower())


def open_table(path: Path, known: Sequence[str], error: _Error) -> Table:
    """Read the first line of a table; blanks in its cells are kept.

    Parameters
    ----------
    known : columns to expect: of the delimiters the one is taken that shows most of them,
        and if that is a draw, most columns.
    error : what is raised, here and by ``rows``, if the file cannot be read, is no table of
        text, has a column twice, or a row has more cells than there are columns.
    """
    text = _text(path, error)
    names = {column_name(name) for name in known}

    def shows(delimiter: str) -> tuple[int, int]:
        try:
            _, head = next(_records(path, text, delimiter, error), (1, []))
        except error:
            return (0, 0)
        return len(names & set(map(column_name, head))), len(head)

    delimiter = max(_DELIMITERS, key=shows)
    records = _records(path, text, delimiter, error)
    _, head = next(records, (1, []))
    columns = tuple(map(column_name, head))
    twice = sorted({one for one in columns if one and columns.count(one) > 1})
    if twice:
        raise error(f"{path}: column {', '.join(twice)} occurs twice: keep one")
    rows = _rows(path, records, len(columns), delimiter, error)
    return Table(tuple(name.strip() for name in head), columns, rows)


def table_rows(
    path: Path, required: Sequence[str], error: _Error
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield (line where the row begins, column -> cell), blanks around cells stripped.

    Raises ``error`` if a ``required`` column is missing, and as in :func:`open_table`.
    """
    table = open_table(path, required, error)
    missing = [name for name in required if column_name(name) not in table.columns]
    if missing:
        raise error(
            f"{path}: no column {', '.join(missing)}: the first line must name "
            f"{', '.join(required)}"
        )
    for line, cells in table.rows:
        row = dict(zip(table.columns, (cell.strip() for cell in cells), strict=True))
        row.pop("", None)
        yield line, row


def all_rows(path: Path, error: _Error) -> list[_Record]:
    """Return (line, cells) of every row with text, the first one included; blanks are stripped.

    For tables that may have no heading. The delimiter is the one that parts the first line into
    most cells. Raises ``error`` as :func:`open_table`, but for columns.
    """
    text = _text(path, error)
    first = text.partition("\n")[0]
    records = _records(path, text, max(_DELIMITERS, key=first.count), error)
    stripped = ((line, [unguarded(cell.strip()) for cell in cells]) for line, cells in records)
    return [(line, cells) for line, cells in stripped if any(cells)]


def _records(path: Path, text: str, delimiter: str, error: _Error) -> Iterator[_Record]:
    # Strict: else a quotation mark that is not closed swallows the rows below it.
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in table:
            yield line, cells
            line = table.line_num + 1
    except csv.Error as fault:
        raise error(
            f"{path}: line {line}: is not valid CSV ({fault}): look for a quotation mark left open"
        ) from fault


def _rows(
    path: Path, records: Iterator[_Record], width: int, delimiter: str, error: _Error
) -> Iterator[_Record]:
    for line, cells in records:
        if any(cell.strip() for cell in cells[width:]):
            raise error(
                f"{path}: line {line} has more cells than the first line: quote a cell that holds "
                f"a {delimiter!r}"
            )
        if any(cell.strip() for cell in cells):
            yield line, [*map(unguarded, cells[:width]), *[""] * (width - len(cells))]


def _text(path: Path, error: _Error) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_TABLE_BYTES + 1)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise error(f"{path}: cannot be read ({reason}): give a CSV file") from fault
    if len(data) > LARGEST_TABLE_BYTES:
        raise error(f"{path}: is larger than {LARGEST_TABLE_BYTES >> 20} MB: split the table")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise error(f"{path}: is not UTF-8 (byte {fault.start}): save it as CSV UTF-8") from fault
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise error(f"{path}: line {line}: contains a NUL byte: not a text table")
    return text
