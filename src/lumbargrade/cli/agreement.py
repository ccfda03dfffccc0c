"""``lumbargrade agreement``: read a table of readings, print and write how well they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.report.agreement import (
    INTERVALS,
    SystemAgreement,
    heading,
    system_agreement,
    write,
)
from lumbargrade.files.staging import staged
from lumbargrade.statistics.bootstrap import FEW_PATIENTS
from lumbargrade.statistics.format_estimates import show, show_interval, signed
from lumbargrade.statistics.many_raters import MISSING
from lumbargrade.statistics.readings import composed, read_matrices
from lumbargrade.statistics.readings_matrix import ReadingsMatrix


def run(readings: Path, out: Path, model: str | None) -> None:
    """Measure the agreement in ``readings``, write OUT and print the tables."""
    options = Options()
    matrices, notes = read_matrices(readings)
    model = None if model is None else composed(model)
    beside = set() if model is None else _with_model(matrices, model)
    with staged(out) as folder:
        found = tuple(
            system_agreement(system, matrix, options, model if system in beside else None)
            for system, matrix in matrices.items()
        )
        write(found, options, folder)
    console = Console()
    for table in tables(found):
        console.print(table)
    if model is not None:
        notes += [
            f"{system}: {model} has no image in common with two other readers, so it is not "
            "compared."
            for system in matrices
            if system not in beside
        ]
    for note in (*notes, *_few(found)):
        console.print(note, highlight=False)
    console.print(f"Tables: {out / 'agreement.csv'}", highlight=False, soft_wrap=True)


def _with_model(matrices: Mapping[str, ReadingsMatrix], model: str) -> set[str]:
    """Return the systems in which the model can be set beside two readers or more."""
    found = {
        system
        for system, matrix in matrices.items()
        if model in matrix.readers and _shares_images(matrix, matrix.readers.index(model))
    }
    if not found:
        names = sorted({name for matrix in matrices.values() for name in matrix.readers})
        raise EvaluationError(
            f"{model!r} cannot be compared with readers: name one of {', '.join(names)} and have "
            "two "
            "other readers of the same images"
        )
    return found


def _shares_images(matrix: ReadingsMatrix, model: int) -> bool:
    """Whether the model read an image with a reader, and two readers one with each other."""
    there = matrix.ratings != MISSING
    readers = np.delete(there, model, axis=1).sum(1)
    return bool((there[:, model] & (readers > 0)).any() and (readers > 1).any())


def _few(found: Iterable[SystemAgreement]) -> Iterator[str]:
    for one in found:
        patients = one.together.patients
        if patients < FEW_PATIENTS:
            yield (
                f"{one.system}: images of {patients} patient{'' if patients == 1 else 's'} only: "
                "intervals from so few are too narrow."
            )


def tables(found: tuple[SystemAgreement, ...]) -> Iterator[Table]:
    """Yield, for each system, its readers and, where one is a model, both side by side."""
    for one in found:
        yield _readers(one)
        if one.beside:
            yield _beside(one)


def _readers(one: SystemAgreement) -> Table:
    table = _table(f"{one.system}: reader agreement, with 95 % intervals by three methods")
    for title in ("readers", "coefficient", "value", *INTERVALS):
        table.add_column(title)
    # Of two readers, all together are the pair once more.
    for part in (*one.pairs, one.together)[: None if len(one.together.readers) > 2 else 1]:
        together = part is one.together
        name = f"all {len(part.readers)}" if together else " / ".join(part.readers)
        labels = [name, f"{part.images} images", f"{part.patients} patients"]
        for label, row in zip(chain(labels, repeat("")), part.coefficients, strict=False):
            value = show(row.bootstrap).split(" (")[0]
            ends = (show_interval(getattr(row, interval)) for interval in INTERVALS)
            table.add_row(label, heading(row.name, "all" if together else "pair"), value, *ends)
        table.add_section()
    return table


def _beside(one: SystemAgreement) -> Table:
    table = _table(f"{one.system}: model compared with readers (95 %, bootstrap over patients)")
    for title in ("coefficient", "model / reader", "reader / reader", "difference"):
        table.add_column(title)
    for row in one.beside:
        means = (show(mean).split(" (")[0] for mean in (row.model, row.readers))
        table.add_row(heading(row.name, "pair"), *means, signed(row.difference))
    return table


def _table(title: str) -> Table:
    """Return an empty table that leaves its columns room in 80 characters."""
    return Table(title=title, box=SIMPLE, pad_edge=False, collapse_padding=True)
