"""``lumbargrade phantom``: simulate a cohort and say what is in it."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.summary import prevalence_table


def run(out: Path, options: CohortOptions) -> None:
    """Make the cohort in ``out`` and print the prevalence of each grade."""
    console = Screen()
    with progress(options.patients, "Simulating patients", console) as advance:
        summary = generate_cohort(out, options, advance)
    console.print(rich_table(prevalence_table(summary), numbers=True, show_lines=True))
    console.print(
        f"{summary.made} patients made, {summary.found} found, in {out}",
        highlight=False,
        soft_wrap=True,
    )
