"""``lumbargrade matrix``: the tables of a published confusion matrix, and the claims beside it."""

from __future__ import annotations

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console

from lumbargrade.cli.tables import rich_table
from lumbargrade.errors import needs_extra
from lumbargrade.evaluation.matrix.check import Verdict
from lumbargrade.evaluation.matrix.run import read_published
from lumbargrade.evaluation.matrix.tables import claims_line, matrix_tables
from lumbargrade.files.staging import staged


def run(counts: Path, out: Path | None, claims: Path | None) -> None:
    """Print the tables of ``counts``, and with ``out`` write them."""
    found, checked = read_published(counts, claims)
    console = Console(highlight=False)
    if out is not None:
        with needs_extra("lumbargrade matrix -o"):
            from lumbargrade.evaluation.matrix.write import write_matrices
        with staged(out, [counts] if claims is None else [counts, claims]) as folder:
            write_matrices(found, checked, counts.name, folder)
    not_fitting = [one for one in checked if one.verdict is not Verdict.FITS]
    for table in matrix_tables(found, not_fitting):
        console.print(rich_table(table, box=SIMPLE_HEAD, padding=(0, 1), show_edge=False))
        console.print(table.note, markup=False)
        console.print()
    if checked:
        console.print(claims_line(checked))
    if out is not None:
        console.print(f"Tables: {out}", markup=False, soft_wrap=True)
