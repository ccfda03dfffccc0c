"""``lumbargrade bend``: look at slices without findings that are bent to known grades."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cohort.read import read_cohort
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.phantom.bending.show import ShowOptions, show_bends


def run(cohort: Path, out: Path, model: Path | None, options: ShowOptions) -> None:
    """Write sheets and a table of bends of ``cohort`` into ``out``."""
    console = Screen(soft_wrap=True, highlight=False)
    found, engine = read_cohort(cohort), Engine(load_bundle(model))
    with progress(options.slices, "bending", console) as advance:
        count = show_bends(found, engine, out, options, advance)
    console.print(f"{count} bends in {out}: bends.csv and sheet-*.png")
