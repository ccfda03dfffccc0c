"""``lumbargrade discs train``: from traced discs to a disc finder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lumbargrade.cli.outlines.train import Given
from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.errors import needs_extra

__all__ = ["Given", "run"]


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
    console.print(_said(scores), markup=False)
    console.print(f"run: {out}", markup=False)


def _said(scores: Mapping[str, Any]) -> str:
    if not scores:
        return "nobody is set aside: how well discs are found is not known"
    people = "1 person" if scores["patients"] == 1 else f"{scores['patients']} people"
    slices = "1 slice" if scores["slices"] == 1 else f"{scores['slices']} slices"
    off = scores["corner_median_mm"]
    right = scores["sacrum_right"]
    corners = "" if off is None else f", corners off by {off} mm in the median"
    sacrum = "" if right is None else f", the disc on the sacrum right in {right:.1%}"
    found = f"{scores['found']:.1%} of {scores['discs']} discs found"
    return f"set aside: {slices} of {people}, {found}{corners}{sacrum}"
