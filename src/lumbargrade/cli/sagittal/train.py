"""``lumbargrade sagittal train``: from graded discs to a disc grader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lumbargrade.cli.outlines.train import Given
from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.errors import OutlineError, needs_extra
from lumbargrade.grading.system import SAGITTAL_SYSTEMS

__all__ = ["Given", "run"]


def run(given: Given, systems: tuple[str, ...], out: Path, steps: int, seed: int) -> None:
    """Train into the run folder ``out``; without ``systems``, all that are graded.

    Raises OutlineError if one is not known.
    """
    asked = {code.upper() for code in systems}
    for code in sorted(asked - set(SAGITTAL_SYSTEMS)):
        known = ", ".join(SAGITTAL_SYSTEMS)
        raise OutlineError(f"--system {code}: is no system of discs: give one of {known}")
    with needs_extra("lumbargrade sagittal train"):
        from lumbargrade.training.outlines.run import Tracings
        from lumbargrade.training.progress_log import Listener
        from lumbargrade.training.sagittal.fit import DiscGraderSettings
        from lumbargrade.training.sagittal.run import GradedFiles, train_disc_grader
    console = Screen(soft_wrap=True, highlight=False)
    with progress(None, "reading", console) as advance:
        listener = Listener(lambda stage, done, total: advance(done, total, stage), console.print)
        settings = DiscGraderSettings(steps=steps, seed=seed)
        wanted = tuple(code for code in SAGITTAL_SYSTEMS if code in asked)
        graded = GradedFiles(Tracings(*given), wanted)
        found = train_disc_grader(graded, settings, out, listener)["graded"]
    for code, scores in found.items():
        console.print(f"{code}: {_said(scores)}", markup=False)
    console.print(f"run: {out}", markup=False)


def _said(scores: Mapping[str, Any]) -> str:
    if not scores:
        return "no disc set aside has a grade of it: how well discs are graded is not known"
    people = "1 person" if scores["patients"] == 1 else f"{scores['patients']} people"
    kappa = scores["kappa_linear"]
    weighted = "" if kappa is None else f", linear kappa {kappa:.2f}"
    exact = (
        f"{scores['exact']:.1%} the reader's grade ({scores['majority']:.1%} have the commonest)"
    )
    return f"set aside: {scores['discs']} discs of {people}{weighted}, {exact}"
