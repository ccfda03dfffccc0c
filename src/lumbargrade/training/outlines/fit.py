"""Training of the outline network: so many steps, with checkpoints."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lumbargrade.errors import OutputError
from lumbargrade.training.augment import Random
from lumbargrade.training.loop.steps import StepPlan, digest_of, fit_steps, load_fitted
from lumbargrade.training.outlines.data import TracedSlices, training_batch
from lumbargrade.training.outlines.loss import outline_loss
from lumbargrade.training.outlines.network import OutlineNetwork
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.schedule import has_fast_bf16

NETWORK = "outliner"

GENTLER = 3
"""How many times smaller the learning rate is where a trained network is trained on."""


@dataclass(frozen=True)
class OutlineSettings:
    """How the outline network is trained.

    Attributes
    ----------
    t2_weight : how often a traced T2 slice is drawn for each time that another tracing is;
        there are few of them, and T2 is what is graded.
    draft_weight : the same of a draft, or of a simulated slice.
    start_from : a bundle (``default``, a folder or a zip) whose outline network is trained on.
    """

    steps: int = 1500
    batch: int = 16
    learning_rate: float = 3e-3
    t2_weight: float = 3.0
    draft_weight: float = 0.2
    seed: int = 0
    start_from: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for a file."""
        return asdict(self)


def settings_for(steps: int, start_from: str = "", seed: int = 0) -> OutlineSettings:
    """Return the settings of a training from random weights, or gentler ones from a bundle's."""
    rate = OutlineSettings.learning_rate / (GENTLER if start_from else 1)
    return OutlineSettings(steps=steps, learning_rate=rate, seed=seed, start_from=start_from)


def fit_outlines(
    data: TracedSlices,
    network: OutlineNetwork,
    settings: OutlineSettings,
    folder: Path,
    listener: Listener,
) -> OutlineNetwork:
    """Train on the slices that are not set aside, and return the average of the weights.

    It is written to ``folder`` too, and goes on from the last checkpoint there. Raises
    OutputError if a checkpoint is damaged or of other settings or slices, nothing is to train on,
    or the folder cannot be created.
    """
    rows = np.flatnonzero(~data.aside)
    if not len(rows):
        raise OutputError("every traced patient is set aside: trace slices of more patients")
    chance = _weights(data, settings)[rows]
    chance /= chance.sum()

    def loss_at(network: OutlineNetwork, step: int) -> Tensor:
        chosen = np.random.default_rng((settings.seed, step)).choice(rows, settings.batch, p=chance)
        pictures, target = training_batch(data, chosen, Random(settings.seed, step))
        with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bf16()):
            layers, plane = network(pictures.to(memory_format=torch.channels_last))
        return outline_loss(layers.float(), plane.float(), target)

    given = {**settings.as_dict(), "traced": _digest(data)}
    plan = StepPlan(NETWORK, settings.steps, settings.learning_rate, settings.seed, given)
    return fit_steps(network, loss_at, plan, folder, listener)


def _digest(data: TracedSlices) -> str:
    """What tells one set of traced slices from another."""
    arrays = (data.pictures, data.masks, data.known, data.planes, data.drafts)
    return digest_of(arrays, (data.patients.tolist(), data.contrasts.tolist()))


def _weights(data: TracedSlices, settings: OutlineSettings) -> NDArray[np.float64]:
    weights = np.where(data.contrasts == "t2", settings.t2_weight, 1.0)
    weights[data.drafts] = settings.draft_weight
    return weights


def load_outliner(folder: Path) -> tuple[OutlineNetwork, dict[str, Any]]:
    """Return a run's network and its scores.

    Raises OutputError if there is none, or it is damaged.
    """
    network = OutlineNetwork()
    return network, load_fitted(network, NETWORK, folder, "outlines train")
