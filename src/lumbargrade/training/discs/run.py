"""From files of traced discs to a trained disc finder: what ``lumbargrade discs train`` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lumbargrade.errors import OutlineError
from lumbargrade.files.write import write_json
from lumbargrade.spine.tracing import read_disc_tracings
from lumbargrade.training.discs.data import TracedDiscs, load_discs
from lumbargrade.training.discs.fit import FinderSettings, fit_finder
from lumbargrade.training.discs.scores import finder_scores
from lumbargrade.training.loop.steps import METRICS
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import Listener


def train_finder(
    tracings: Tracings, settings: FinderSettings, out: Path, listener: Listener
) -> dict[str, Any]:
    """Train a disc finder and return what is written of it to ``out/metrics.json``.

    Raises OutlineError if a tracing or its picture cannot be read, OutputError if there is
    nothing to train on.
    """
    data = _read(tracings, listener)
    network = fit_finder(data, settings, out, listener)
    people = ~data.aside & ~data.simulated
    metrics = {
        "credit": tracings.credit,
        "training_slices": int(people.sum()),
        "training_patients": len(set(data.patients[people].tolist())),
        "simulated_slices": int(data.simulated.sum()),
        "simulated_patients": len(set(data.patients[data.simulated].tolist())),
        "settings": asdict(settings),
        "set_aside": finder_scores(network, data),
    }
    write_json(out / METRICS, metrics, indent=2)
    return metrics


def _read(tracings: Tracings, listener: Listener) -> TracedDiscs:
    each = []
    for file in tracings.files:
        folders = [file.parent, *([tracings.pictures] if tracings.pictures else [])]
        read = read_disc_tracings(file)
        if not read:
            raise OutlineError(f"{file}: holds no discs: trace at least one slice")
        each.append(load_discs(read, folders, partial(listener.at, f"reading {file.name}")))
    return joined(each)


def joined(parts: Sequence[TracedDiscs]) -> TracedDiscs:
    """Return all slices of several sets as one."""
    return TracedDiscs(
        np.concatenate([one.pictures for one in parts]),
        np.concatenate([one.corners_mm for one in parts]),
        np.concatenate([one.on_sacrum for one in parts]),
        np.concatenate([one.patients for one in parts]),
        np.concatenate([one.simulated for one in parts]),
    )
