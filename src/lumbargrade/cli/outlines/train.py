"""``lumbargrade outlines train``: from tracings to an outline network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.errors import needs_extra

SHOWN = ("disc", "sac", "canal", "facet_left", "facet_right")
"""Layers whose overlap is printed; the run's metrics.json has all."""


class Given(NamedTuple):
    """What is learned from; see ``training.outlines.run.Tracings``."""

    files: tuple[Path, ...]
    pictures: Path | None
    credit: str


def run(given: Given, out: Path, steps: int, start_from: str, seed: int) -> None:
    """Train into the run folder ``out``."""
    with needs_extra("lumbargrade outlines train"):
        from lumbargrade.training.outlines.fit import settings_for
        from lumbargrade.training.outlines.run import Tracings, train_outlines
        from lumbargrade.training.progress_log import Listener
    console = Screen(soft_wrap=True, highlight=False)
    with progress(None, "reading", console) as advance:
        listener = Listener(lambda stage, done, total: advance(done, total, stage), console.print)
        settings = settings_for(steps, start_from, seed)
        metrics = train_outlines(Tracings(*given), settings, out, listener)
    for contrast, scores in metrics["set_aside"].items():
        console.print(_line(contrast, scores), markup=False)
    if not metrics["set_aside"]:
        console.print("no traced patient is set aside: how well it draws is not known")
    console.print(f"run: {out}", markup=False)


def _line(contrast: str, scores: Mapping[str, Any]) -> str:
    dice = scores["dice"]
    shown = ", ".join(f"{name} {dice[name]:.3f}" for name in SHOWN if name in dice)
    slices, patients = (_counted(scores[name], name[:-1]) for name in ("slices", "patients"))
    return f"set aside, {contrast or 'contrast not said'}: {slices} of {patients}, Dice {shown}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
