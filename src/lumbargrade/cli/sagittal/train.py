"""``lumbargrade sagittal train``: from graded discs to a disc grader."""

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
    with needs_extra("lumbargrade sagittal train"):
        from lumbargrade.training.outlines.run import Tracings
        from lumbargrade.training.progress_log import Listener
        from lumbargrade.training.sagittal.fit import DiscGraderSettings
        from lumbargrade.training.sagittal.run import train_disc_grader
    console = Screen(soft_wrap=True, highlight=False)
    with progress(None, "reading", console) as advance:
        listener = Listener(lambda stage, done, total: advance(done, total, stage), console.print)
        settings = DiscGraderSettings(steps=steps, seed=seed)
        scores = train_disc_grader(Tracings(*given), settings, out, listener)["set_aside"]
    console.print(_said(scores), markup=False)
    console.print(f"run: {out}", markup=False)


def _said(scores: Mapping[str, Any]) -> str:
    if not scores:
        return "nobody is set aside: how well discs are graded is not known"
    people = "1 person" if scores["patients"] == 1 else f"{scores['patients']} people"
    kappa = scores["kappa_linear"]
    weighted = "" if kappa is None else f", linear kappa {kappa:.2f}"
    exact = (
        f"{scores['exact']:.1%} the reader's grade ({scores['majority']:.1%} have the commonest)"
    )
    return f"set aside: {scores['discs']} discs of {people}{weighted}, {exact}"
