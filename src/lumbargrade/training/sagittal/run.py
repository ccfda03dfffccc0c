"""From files of graded discs to a trained disc grader: what ``lumbargrade sagittal train`` does."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lumbargrade.errors import OutlineError
from lumbargrade.files.write import write_json
from lumbargrade.spine.tracing import read_disc_tracings
from lumbargrade.training.loop.steps import METRICS
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.sagittal.data import GradedDiscs, load_graded
from lumbargrade.training.sagittal.fit import (
    SYSTEM,
    DiscGraderSettings,
    fit_disc_grader,
    probabilities_of,
)
from lumbargrade.training.sagittal.scores import agreement


def train_disc_grader(
    tracings: Tracings, settings: DiscGraderSettings, out: Path, listener: Listener
) -> dict[str, Any]:
    """Train a disc grader and return what is written of it to ``out/metrics.json``.

    Raises OutlineError if a tracing or its picture cannot be read or a file grades no disc,
    OutputError if there is nothing to train on.
    """
    data = read_graded(tracings, listener)
    network = fit_disc_grader(data, settings, out, listener)
    people, aside = ~data.aside & ~data.simulated, data.at(np.flatnonzero(data.aside))
    scores = agreement(aside.values, probabilities_of(network, aside)) if len(aside.values) else {}
    metrics = {
        "credit": tracings.credit,
        "training_discs": int(people.sum()),
        "training_patients": len(set(data.patients[people].tolist())),
        "simulated_discs": int(data.simulated.sum()),
        "simulated_patients": len(set(data.patients[data.simulated].tolist())),
        "settings": asdict(settings),
        "set_aside": {**scores, "patients": len(set(aside.patients.tolist()))} if scores else {},
    }
    write_json(out / METRICS, metrics, indent=2)
    return metrics


def read_graded(tracings: Tracings, listener: Listener) -> GradedDiscs:
    """Read all files as one set. Raises OutlineError as :func:`train_disc_grader`."""
    each = []
    for file in tracings.files:
        folders = [file.parent, *([tracings.pictures] if tracings.pictures else [])]
        advance = partial(listener.at, f"reading {file.name}")
        found = load_graded(read_disc_tracings(file), SYSTEM.code, folders, advance)
        if not len(found.values):
            raise OutlineError(
                f"{file}: no disc has a grade of {SYSTEM.code}: add 'grades' to its records"
            )
        each.append(found)
    return joined(each)


def joined(parts: list[GradedDiscs]) -> GradedDiscs:
    """Return all discs of several sets as one."""
    names = ("squares", "values", "patients", "simulated", "aside")
    return GradedDiscs(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))
