"""From tracing files to a trained outline network: what ``lumbargrade outlines train`` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lumbargrade.errors import OutlineError, OutputError
from lumbargrade.files.write import write_json
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.training.loop.steps import METRICS
from lumbargrade.training.outlines.data import TracedSlices, load_traced, plain_batch
from lumbargrade.training.outlines.fit import OutlineSettings, fit_outlines
from lumbargrade.training.outlines.network import OutlineNetwork
from lumbargrade.training.outlines.scores import measure_errors, outline_scores
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.warm_start import start_from, starting_bundle


@dataclass(frozen=True)
class Tracings:
    """What is learned from.

    Attributes
    ----------
    files : tracing files.
    pictures : folder of the slices that do not lie where their file names them, or None.
    credit : who made pictures and outlines, and their licence; goes into bundle and card.
    """

    files: tuple[Path, ...]
    pictures: Path | None = None
    credit: str = ""


def train_outlines(
    tracings: Tracings,
    settings: OutlineSettings,
    out: Path,
    listener: Listener,
) -> dict[str, Any]:
    """Train an outline network and return what is written of it to ``out/metrics.json``.

    Raises OutlineError if a tracing or its picture cannot be read, OutputError if there is
    nothing to train on, BundleError if the bundle to start from is not whole.
    """
    data = _read(tracings, listener)
    network = OutlineNetwork()
    torch.manual_seed(settings.seed)
    if settings.start_from:
        file = starting_bundle(settings.start_from).outliner_path
        if file is None:
            raise OutputError(
                f"{settings.start_from}: this bundle draws no outlines, so that none can be "
                "trained on from it: leave --start-from out"
            )
        rows = np.flatnonzero(~data.aside)
        start_from(network, file, "", plain_batch(data, rows)[0])
    average = fit_outlines(data, network, settings, out, listener)
    aside = data.aside
    metrics = {
        "credit": tracings.credit,
        "training_slices": int((~aside & ~data.drafts).sum()),
        "training_patients": len(set(data.patients[~aside & ~data.drafts].tolist())),
        "training_drafts": int((~aside & data.drafts).sum()),
        "settings": settings.as_dict(),
        "set_aside": outline_scores(average, data),
        "measure_errors": measure_errors(average, data),
    }
    write_json(out / METRICS, metrics, indent=2)
    return metrics


def _read(tracings: Tracings, listener: Listener) -> TracedSlices:
    each = []
    for file in tracings.files:
        folders = [file.parent, *([tracings.pictures] if tracings.pictures else [])]
        at = partial(listener.at, f"reading {file.name}")
        read = read_tracings(file)
        if not read:
            raise OutlineError(f"{file}: holds no outlines: trace at least one slice")
        each.append(load_traced(read, folders, at))
    return joined(each)


def joined(parts: Sequence[TracedSlices]) -> TracedSlices:
    """Return all slices of several sets as one."""
    return TracedSlices(
        pictures=np.concatenate([one.pictures for one in parts]),
        masks=np.concatenate([one.masks for one in parts]),
        known=np.concatenate([one.known for one in parts]),
        planes=np.concatenate([one.planes for one in parts]),
        patients=np.concatenate([one.patients for one in parts]),
        contrasts=np.concatenate([one.contrasts for one in parts]),
        drafts=np.concatenate([one.drafts for one in parts]),
        outlines=tuple(line for one in parts for line in one.outlines),
    )
