"""``lumbargrade phantom``: simulate a cohort and say what is in it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.summary import CohortSummary


def run(
    out: Path,
    patients: int,
    seed: int,
    scanners: list[str],
    contrast: str,
    workers: int | None,
    severe: bool,
) -> None:
    """Make the cohort in ``out`` and print the prevalence of each grade."""
    options = CohortOptions(patients, seed, tuple(scanners), contrast, severe, workers)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("Simulating patients", total=patients)
        summary = generate_cohort(
            out, options, lambda done, total: bar.update(task, completed=done, total=total)
        )
    console.print(prevalence_table(summary))
    console.print(
        f"{summary.made} patients made, {summary.found} found, in {out}",
        highlight=False,
        soft_wrap=True,
    )


def prevalence_table(summary: CohortSummary) -> Table:
    """Return the share of axial slices with each grade, and in how many patients it occurs."""
    table = Table(title="Axial slices by grade: share, slices / patients", show_lines=True)
    table.add_column("system")
    grades = sorted({grade for _, grade in summary.slices if grade is not None})
    for grade in grades:
        table.add_column(f"grade {grade}", justify="right")
    table.add_column("no grade", justify="right")
    for system in dict.fromkeys(system for system, _ in summary.slices):
        known = sum(summary.slices[system, grade] for grade in grades)
        cells = [
            f"{summary.slices[system, grade] / max(known, 1):.1%}\n"
            f"{summary.slices[system, grade]} / {summary.patients[system, grade]}"
            for grade in grades
        ]
        table.add_row(system, *cells, str(summary.slices[system, None]))
    return table
