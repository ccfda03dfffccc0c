"""Put tables that lumbargrade wrote one below the other, without holding them in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.files.formula_guard import guarded
from lumbargrade.files.write import whole

LONGEST_CELL = 2**31 - 1


@dataclass(frozen=True)
class Part:
    """A table, and what stands before its rows in the joined one."""

    name: str
    path: Path


def join_tables(
    target: Path,
    parts: Sequence[Part],
    columns: Sequence[str],
    more: Iterable[Mapping[str, str]] = (),
) -> None:
    """Write the rows of all parts, in their order, and then some more; whole or not at all.

    The cells of the parts stay as they were written. A part that is itself such a joined table
    gives the rows under its own name. Raises OSError if a table cannot be read or written.

    Parameters
    ----------
    columns : of the joined table; the first is for the names of the parts. What else the parts
        have stands behind them, in order of names.
    more : rows by column, as plain text.
    """
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        found = {name for part in parts for name in next(_rows(part.path), [])}
        names = (*columns, *sorted(found.difference(columns)))
        with whole(target) as draft, draft.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow(names)
            for part in parts:
                writer.writerows(_placed(part, names))
            for row in more:
                writer.writerow([guarded(row.get(name, "")) for name in names])
    finally:
        csv.field_size_limit(before)


def _placed(part: Part, names: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows of a part under the columns of the joined table."""
    rows, own = _rows(part.path), guarded(part.name)
    heading = next(rows, [])
    is_joined = heading[:1] == [names[0]]
    places = [heading.index(name) if name in heading else None for name in names[1:]]
    for row in rows:
        if not is_joined or row[0] == own:
            yield [own, *("" if place is None else row[place] for place in places)]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        yield from csv.reader(stream)
