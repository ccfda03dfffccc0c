"""``lumbargrade cohort adapt``: the folder of a public set in, a cohort out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from lumbargrade.cli.progress import progress
from lumbargrade.cohort.adapters import mendeley, rsna2024, spider
from lumbargrade.cohort.adapters.adapted import LABELS_FILE, AdaptedCohort
from lumbargrade.errors import CohortError
from lumbargrade.files.staging import staged

ADAPTERS = {
    "spider": spider.adapt,
    "rsna2024": rsna2024.adapt,
    "lumbar-mendeley": mendeley.adapt,
}


def run(name: str, folder: Path, out: Path) -> None:
    """Make the cohort ``out`` of ``folder`` and say what is in it and what was left out.

    Raises
    ------
    CohortError
        If the folder is not that set.
    """
    if not folder.is_dir():
        raise CohortError(f"{folder}: no such folder: give the unpacked folder of the data set")
    console = Console(highlight=False, soft_wrap=True)
    with staged(out) as target, progress(None, "reading the data set", console) as advance:
        cohort = AdaptedCohort(target, f"public set {name}")
        ADAPTERS[name](folder, cohort, advance)
        cohort.finish()
    for line in summary_lines(cohort, out):
        console.print(line, markup=False)


def summary_lines(cohort: AdaptedCohort, out: Path) -> list[str]:
    """Return what the cohort holds and what was left out, one line a thing."""
    slices = sum(map(len, cohort.slices.values()))
    labels = f", {len(cohort.labels)} labels in {LABELS_FILE}" if cohort.labels else ""
    return [
        f"{len(cohort.slices)} patients, {slices} slices{labels}, in {out}",
        *(f"left out: {line}" for line in cohort.left_out),
    ]
