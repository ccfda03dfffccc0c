"""``lumbargrade cohort adapt``: the folder of a public set in, a cohort out."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cohort.adapters.adapted import LABELS_FILE
from lumbargrade.cohort.adapters.adapters import adapt


def run(name: str, folder: Path, out: Path) -> None:
    """Make the cohort ``out`` of ``folder`` and say what is in it and what was left out."""
    console = Screen(highlight=False, soft_wrap=True)
    with progress(None, "reading the data set", console) as advance:
        cohort = adapt(name, folder, out, advance)
    slices = sum(map(len, cohort.slices.values()))
    labels = f", {len(cohort.labels)} labels in {LABELS_FILE}" if cohort.labels else ""
    console.print(f"{len(cohort.slices)} patients, {slices} slices{labels}, in {out}", markup=False)
    for line in cohort.left_out:
        console.print(f"left out: {line}", markup=False)
