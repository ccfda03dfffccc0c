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
from lumbargrade.evaluation.measures.readers import ReaderAgreement
from lumbargrade.evaluation.report.agreement import INTERVALS, SystemAgreement, heading
from lumbargrade.evaluation.report.reached_level import NOTE as BENCHMARK_NOTE
from lumbargrade.evaluation.report.reached_level import level_cell
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import number, show, show_interval, signed

_BY_LEVEL = ("ac1", "kappa_linear")


def run(readings: Path, out: Path, model: str | None, key: Path | None = None) -> None:
    """Measure the agreement in ``readings``, write OUT and print the tables."""
    found, notes = measure_agreement(readings, out, model, key)
    console = Screen()
    for one in found:
        console.print(readers_table(one))
        for among in one.beside:
            console.print(beside_table(one.system, among))
        if one.levels:
            console.print(levels_table(one))
        console.print(reached(one), highlight=False)
    console.print(BENCHMARK_NOTE, highlight=False)
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


def levels_table(one: SystemAgreement) -> Table:
    """Return the agreement of all readers, or of the two, at each level of the spine."""
    rows = []
    for level, there in one.levels.items():
        part, _ = _together(there)
        found = {row.name: show(row.bootstrap) for row in part.coefficients}
        counted = str(part.images), str(part.patients)
        rows.append((level, *counted, *(found[name] for name in _BY_LEVEL)))
    kind = _together(one)[1]
    columns = ("level", "images", "patients", *(heading(name, kind) for name in _BY_LEVEL))
    title = f"{one.system}: agreement by level (95 %, bootstrap over patients)"
    return _table(TextTable("levels", title, columns, tuple(rows)))


def reached(one: SystemAgreement) -> str:
    """Return one line: what the agreement of all readers, or of the two, may be called."""
    part, kind = _together(one)
    said = [f"{heading(row.name, kind)} {level_cell(row)}" for row in part.coefficients]
    return f"{one.system}, level: {'; '.join(said)}"


def _together(one: SystemAgreement) -> tuple[ReaderAgreement, str]:
    """Return the agreement of all readers; of two, that of the pair."""
    return (one.together, "all") if len(one.together.readers) > 2 else (one.pairs[0], "pair")


def _table(content: TextTable, section_rows: int = 0) -> Table:
    """Leave the columns room in 80 characters."""
    return rich_table(
        content, section_rows=section_rows, box=SIMPLE, pad_edge=False, collapse_padding=True
    )
