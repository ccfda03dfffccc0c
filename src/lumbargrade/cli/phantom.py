"""``lumbargrade phantom``: simulate a cohort and say what is in it."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.summary import prevalence_table


def run(
    out: Path,
    patients: int,
    seed: int,
    scanners: list[str],
    contrast: str,
    workers: int | None,
    severe: bool,
    random_contrast: bool,
) -> None:
    """Make the cohort in ``out`` and print the prevalence of each grade."""
    options = CohortOptions(
        patients, seed, tuple(scanners), contrast, severe, workers, random_contrast
    )
    console = Screen()
    with progress(patients, "Simulating patients", console) as advance:
        summary = generate_cohort(out, options, advance)
    console.print(rich_table(prevalence_table(summary), numbers=True, show_lines=True))
    console.print(
        f"{summary.made} patients made, {summary.found} found, in {out}",
        highlight=False,
        soft_wrap=True,
    )
