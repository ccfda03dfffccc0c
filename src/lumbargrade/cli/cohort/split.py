"""``lumbargrade cohort split``: assign patients to parts and lock the parts."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.cohort.split.make import SplitOptions, make_split, remarks, summary_table


def run(source: Path, out: Path, options: SplitOptions) -> None:
    """Split the cohort in ``source``, write the locked split and print who went where."""
    console = Screen()
    with progress(None, "reading images", console) as advance:
        result = make_split(
            source, out, options, lambda stage, done, total: advance(done, total, stage)
        )
    console.print(rich_table(summary_table(result), numbers=True))
    for line in (*remarks(result), f"Locked: {out}"):
        console.print(line, highlight=False, soft_wrap=True)
