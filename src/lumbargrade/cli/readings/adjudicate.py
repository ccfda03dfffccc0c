"""``lumbargrade readings adjudicate``: two readings compared, and what became of each grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lumbargrade.annotation.double_reading import DoubleReading, adjudicate
from lumbargrade.annotation.form import FORM
from lumbargrade.annotation.reference import Origin, ReferenceValue
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.files.table import TextTable

_HEADINGS = {
    Origin.AGREEMENT: "agreed",
    Origin.ADJUDICATOR: "settled",
    Origin.OPEN: "open",
    Origin.UNREADABLE: "cannot be graded",
    Origin.SINGLE: "read once",
}


def run(tables: Sequence[Path], out: Path, again: Sequence[Path]) -> None:
    """Write OUT and print how many values of each system came about in which way."""
    found = adjudicate(tables, out, again)
    console = Screen(highlight=False, soft_wrap=True)
    console.print(rich_table(origins_table(found), numbers=True))
    for line in (*found.notes, _next_step(found, out)):
        console.print(line, markup=False)


def origins_table(found: DoubleReading) -> TextTable:
    """Return the origins of the values, one system a row."""
    by_system: dict[str, list[ReferenceValue]] = {}
    for one in found.values:
        by_system.setdefault(one.system, []).append(one)
    rows = []
    for system, values in by_system.items():
        counts = Counter(one.origin for one in values)
        rows.append((system, str(len(values)), *(str(counts[origin]) for origin in _HEADINGS)))
    title = f"{' and '.join(found.readers)}: graded images, and sides where a system has them"
    return TextTable("origins", title, ("system", "read", *_HEADINGS.values()), tuple(rows))


def _next_step(found: DoubleReading, out: Path) -> str:
    if FORM not in found.files:
        return f"Reference standard: {out / 'reference.csv'}"
    count = sum(one.origin is Origin.OPEN for one in found.values)
    return f"{count} to be settled: {out / FORM}, to be filled in and given as the third table"
