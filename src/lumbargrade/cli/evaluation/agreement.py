"""``lumbargrade agreement``: read a table of readings, print and write how well they agree."""

from __future__ import annotations

from itertools import chain, repeat
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.evaluation.agreement import measure_agreement
from lumbargrade.evaluation.measures.beside import BesideReaders
from lumbargrade.evaluation.measures.chance import CHANCE_NOTE
from lumbargrade.evaluation.report.agreement import INTERVALS, SystemAgreement, heading
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import number, show, show_interval, signed


def run(readings: Path, out: Path, model: str | None, key: Path | None = None) -> None:
    """Measure the agreement in ``readings``, write OUT and print the tables."""
    found, notes = measure_agreement(readings, out, model, key)
    console = Screen()
    for one in found:
        console.print(readers_table(one))
        for among in one.beside:
            console.print(beside_table(one.system, among))
    console.print(CHANCE_NOTE, highlight=False)
    for note in notes:
        console.print(note, highlight=False)
    console.print(f"Tables: {out / 'agreement.csv'}", highlight=False, soft_wrap=True)


def readers_table(one: SystemAgreement) -> Table:
    """Return every two readers of a system, and all, with three intervals each."""
    rows = []
    # Of two readers, all together are the pair once more.
    for part in (*one.pairs, one.together)[: None if len(one.together.readers) > 2 else 1]:
        together = part is one.together
        name = f"all {len(part.readers)}" if together else " / ".join(part.readers)
        labels = [name, f"{part.images} images", f"{part.patients} patients"]
        for label, row in zip(chain(labels, repeat("")), part.coefficients, strict=False):
            value = show(row.bootstrap).split(" (")[0]
            ends = (show_interval(getattr(row, interval)) for interval in INTERVALS)
            name, chance = heading(row.name, "all" if together else "pair"), part.chance[row.name]
            rows.append((label, name, value, number(chance, 2), *ends))
    title = f"{one.system}: reader agreement, with 95 % intervals by three methods"
    columns = ("readers", "coefficient", "value", "chance", *INTERVALS)
    return _table(TextTable("readers", title, columns, tuple(rows)), len(one.together.coefficients))


def beside_table(system: str, among: BesideReaders) -> Table:
    """Return the model beside some readers, on the images of all of them."""
    rows = []
    for row in among.rows:
        means = (show(mean).split(" (")[0] for mean in (row.model, row.readers))
        rows.append((heading(row.name, "pair"), *means, signed(row.difference)))
    title = (
        f"{system}: model compared with readers {', '.join(among.readers)}: {among.images} images, "
        f"{among.patients} patients (95 %, bootstrap over patients)"
    )
    columns = ("coefficient", "model / reader", "reader / reader", "difference")
    return _table(TextTable("beside", title, columns, tuple(rows)))


def _table(content: TextTable, section_rows: int = 0) -> Table:
    """Leave the columns room in 80 characters."""
    return rich_table(
        content, section_rows=section_rows, box=SIMPLE, pad_edge=False, collapse_padding=True
    )
