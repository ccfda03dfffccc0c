"""``lumbargrade cohort reports``: read reports, write the tables, say how well that went."""

from __future__ import annotations

from pathlib import Path

from rich.box import SIMPLE

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.reports.make import make_report_tables
from lumbargrade.reports.summary import accuracy_lines, accuracy_tables
from lumbargrade.reports.write import EXCLUSIONS, WEAK_LABELS


def run(
    notes: Path, out: Path, against: Path | None, patient_column: str, text_column: str | None
) -> None:
    """Read ``notes``, write OUT and print what was found."""
    console = Screen()
    with progress(None, "reading reports", console) as advance:
        read, accuracy = make_report_tables(
            notes, out, against, patient_column, text_column, advance
        )
    lines = []
    if accuracy is not None:
        for table in accuracy_tables(accuracy):
            console.print(
                rich_table(table, no_wrap=True, box=SIMPLE, pad_edge=False, title_justify="left")
            )
        lines += accuracy_lines(accuracy)
    hinted = sum(bool(one.hints) for one in read)
    lines += [
        f"{len(read)} reports; {hinted} with a possible reason for exclusion, for manual "
        f"review: {out / EXCLUSIONS}",
        f"Labels: {out / WEAK_LABELS}",
    ]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
