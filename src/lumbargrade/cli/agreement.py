"""``lumbargrade agreement``: read a table of readings, print and write how well they agree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from lumbargrade.evaluation.agreement_report import (
    HEADINGS,
    INTERVALS,
    SystemAgreement,
    system_agreement,
    write,
)
from lumbargrade.evaluation.readings_csv import read_panels
from lumbargrade.evaluation.shown import show, show_interval
from lumbargrade.evaluation.tables import Options
from lumbargrade.outputs.staging import staged


def run(readings: Path, out: Path, model: str | None) -> None:
    """Measure the agreement in ``readings``, write OUT and print the tables."""
    options = Options()
    panels = read_panels(readings)
    with staged(out) as folder:
        found = tuple(
            system_agreement(system, panel, options, model) for system, panel in panels.items()
        )
        write(found, options, folder)
    console = Console()
    for table in tables(found):
        console.print(table)
    console.print(f"Tables: {out / 'agreement.csv'}", highlight=False, soft_wrap=True)


def tables(found: tuple[SystemAgreement, ...]) -> Iterator[Table]:
    """Yield, for each system, its readers and, where one is a model, both side by side."""
    for one in found:
        yield _readers(one)
        if one.beside:
            yield _beside(one)


def _readers(one: SystemAgreement) -> Table:
    table = _table(f"{one.system}: agreement of readers, and its 95 % interval three ways")
    for heading in ("readers", "coefficient", "value", *INTERVALS):
        table.add_column(heading)
    for part in (*one.pairs, one.together):
        together = part is one.together
        name = f"all {len(part.readers)}" if together else " / ".join(part.readers)
        labels = [name, f"{part.images} images", f"{part.patients} patients"]
        for label, row in zip(chain(labels, repeat("")), part.coefficients, strict=False):
            value = show(row.bootstrap).split(" (")[0]
            ends = (show_interval(getattr(row, interval)) for interval in INTERVALS)
            table.add_row(label, HEADINGS[row.name], value, *ends)
        table.add_section()
    return table


def _beside(one: SystemAgreement) -> Table:
    table = _table(f"{one.system}: model beside readers (95 %, bootstrap of patients)")
    for heading in ("coefficient", "model / reader", "reader / reader", "difference"):
        table.add_column(heading)
    for row in one.beside:
        means = (show(mean).split(" (")[0] for mean in (row.model, row.readers))
        table.add_row(HEADINGS[row.name], *means, show(row.difference))
    return table


def _table(title: str) -> Table:
    """Return an empty table that leaves its columns room in 80 characters."""
    return Table(title=title, box=SIMPLE, pad_edge=False, collapse_padding=True)
