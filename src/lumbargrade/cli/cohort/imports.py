"""``lumbargrade cohort import``: regions and grades in, a cohort out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cohort.imports.filling import ImportOptions
from lumbargrade.cohort.imports.run import ImportSummary, import_cohort


def run(
    source: Path, regions: Sequence[Path], grades: Path | None, out: Path, options: ImportOptions
) -> None:
    """Make the cohort ``out`` and say what is in it."""
    console = Screen(highlight=False, soft_wrap=True)
    with progress(None, "reading studies", console) as advance:
        summary = import_cohort(source, regions, grades, out, options, advance)
    for line in summary_lines(summary, out):
        console.print(line, markup=False)


def summary_lines(summary: ImportSummary, out: Path) -> list[str]:
    """Return what was imported, one line a thing."""
    grades = ", ".join(f"{name} {count}" for name, count in sorted(summary.grades.items()))
    return [
        f"{summary.patients} patients, {summary.slices} slices, {summary.regions} with a region, "
        f"in {out}",
        f"grades: {grades or 'none'}",
        *(f"note: {note}" for note in summary.notes),
    ]
