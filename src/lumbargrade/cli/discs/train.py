"""``lumbargrade discs train``: from traced discs to a disc finder."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.errors import needs_extra


class Given(NamedTuple):
    """What is learned from; see ``training.outlines.run.Tracings``."""

    files: tuple[Path, ...]
    pictures: Path | None
    credit: str


def run(given: Given, out: Path, steps: int, seed: int) -> None:
    """Train into the run folder ``out``."""
    with needs_extra("lumbargrade discs train"):
        from lumbargrade.training.discs.fit import FinderSettings
        from lumbargrade.training.discs.run import train_finder
        from lumbargrade.training.outlines.run import Tracings
        from lumbargrade.training.progress_log import Listener
    console = Screen(soft_wrap=True, highlight=False)
    with progress(None, "reading", console) as advance:
        listener = Listener(lambda stage, done, total: advance(done, total, stage), console.print)
        settings = FinderSettings(steps=steps, seed=seed)
        scores = train_finder(Tracings(*given), settings, out, listener)["set_aside"]
    if scores:
        console.print(
            f"set aside: {scores['slices']} slices of {scores['patients']} people, "
            f"{scores['found']:.1%} of {scores['discs']} discs found, corners off by "
            f"{scores['corner_median_mm']} mm in the median, the disc on the sacrum right in "
            f"{scores['sacrum_right']:.1%}",
            markup=False,
        )
    else:
        console.print("nobody is set aside: how well discs are found is not known")
    console.print(f"run: {out}", markup=False)
