"""Training of the disc finder: so many steps, with checkpoints."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lumbargrade.errors import OutputError
from lumbargrade.training.augment import Random
from lumbargrade.training.discs.data import TracedDiscs, training_batch
from lumbargrade.training.discs.loss import finder_loss
from lumbargrade.training.discs.network import DiscFinder
from lumbargrade.training.loop.steps import StepPlan, digest_of, fit_steps, load_fitted
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.schedule import has_fast_bf16

NETWORK = "disc_finder"


@dataclass(frozen=True)
class FinderSettings:
    """How the disc finder is trained; ``simulated_share`` of a batch are simulated slices."""

    steps: int = 2000
    batch: int = 16
    learning_rate: float = 2e-3
    simulated_share: float = 0.3
    seed: int = 0


def fit_finder(
    data: TracedDiscs, settings: FinderSettings, folder: Path, listener: Listener
) -> DiscFinder:
    """Train on the slices that are not set aside, and return the average of the weights.

    It is written to ``folder`` too, and goes on from the last checkpoint there. Raises
    OutputError if a checkpoint is damaged or of other settings or slices, nothing is to train on,
    or the folder cannot be created.
    """
    rows = np.flatnonzero(~data.aside)
    if not len(rows):
        raise OutputError("every traced patient is set aside: trace slices of more patients")
    chance = _chances(data.simulated[rows], settings.simulated_share)
    torch.manual_seed(settings.seed)

    def loss_at(network: DiscFinder, step: int) -> Tensor:
        chosen = np.random.default_rng((settings.seed, step)).choice(rows, settings.batch, p=chance)
        pictures, target = training_batch(data, chosen, Random(settings.seed, step))
        with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bf16()):
            middles, corners = network(pictures.to(memory_format=torch.channels_last))
        return finder_loss(middles.float(), corners.float(), target)

    given = {**asdict(settings), "traced": _digest(data)}
    plan = StepPlan(NETWORK, settings.steps, settings.learning_rate, settings.seed, given)
    return fit_steps(DiscFinder(), loss_at, plan, folder, listener)


def load_finder(folder: Path) -> tuple[DiscFinder, dict[str, Any]]:
    """Return a run's network and its scores. Raises OutputError if there is none, or it is
    damaged.
    """
    network = DiscFinder()
    return network, load_fitted(network, NETWORK, folder, "discs train")


def _chances(simulated: np.ndarray[Any, np.dtype[np.bool_]], share: float) -> Any:
    """How often each slice is drawn; one kind alone is drawn always."""
    real = (~simulated).sum()
    if real in (0, len(simulated)):
        return np.full(len(simulated), 1 / len(simulated))
    return np.where(simulated, share / simulated.sum(), (1 - share) / real)


def _digest(data: TracedDiscs) -> str:
    """What tells one set of traced slices from another."""
    arrays = (data.pictures, data.corners_mm, data.on_sacrum, data.simulated)
    return digest_of(arrays, data.patients.tolist())
