"""Training of the disc grader: so many steps, with checkpoints."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lumbargrade.errors import OutputError
from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.training.augment import Random
from lumbargrade.training.loop.steps import StepPlan, digest_of, fit_steps, load_fitted
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.sagittal.augment import changed_squares, plain_squares
from lumbargrade.training.sagittal.data import GradedDiscs
from lumbargrade.training.sagittal.network import DiscGrader

NETWORK = "disc_grader"
SYSTEM = SAGITTAL_SYSTEMS["PFIRRMANN"]
"""What is graded."""
EVEN = 0.5
"""Grades are drawn as often as their number of discs to the power of one less this: 0 as they are
found, 1 all alike."""
SMOOTHING = 0.03
"""Share of a grade's weight that its neighbours and the others get: readers differ."""


@dataclass(frozen=True)
class DiscGraderSettings:
    """How the disc grader is trained; ``simulated_share`` of a batch are simulated discs."""

    steps: int = 360
    batch: int = 32
    learning_rate: float = 3e-3
    simulated_share: float = 0.3
    seed: int = 0


def fit_disc_grader(
    data: GradedDiscs, settings: DiscGraderSettings, folder: Path, listener: Listener
) -> DiscGrader:
    """Train on the discs that are not set aside, and return the average of the weights.

    It is written to ``folder`` too, and goes on from the last checkpoint there. Raises
    OutputError if a checkpoint is damaged or of other settings or discs, nothing is to train on,
    or the folder cannot be created.
    """
    rows = np.flatnonzero(~data.aside)
    if not len(rows):
        raise OutputError("every patient with graded discs is set aside: grade more patients")
    chance = draw_chances(data.at(rows), settings.simulated_share)
    torch.manual_seed(settings.seed)

    def loss_at(network: DiscGrader, step: int) -> Tensor:
        chosen = np.random.default_rng((settings.seed, step)).choice(rows, settings.batch, p=chance)
        squares = torch.from_numpy(data.squares[chosen].astype(np.float32)).unsqueeze(1)
        seen = changed_squares(squares, Random(settings.seed, step))
        return grader_loss(network.apart(seen), torch.from_numpy(data.values[chosen]))

    given = {**asdict(settings), "graded": _digest(data)}
    plan = StepPlan(NETWORK, settings.steps, settings.learning_rate, settings.seed, given)
    return fit_steps(DiscGrader(len(SYSTEM.grades)), loss_at, plan, folder, listener)


def grader_loss(logs: Tensor, values: Tensor) -> Tensor:
    """Return the mean loss of logarithms of probabilities (members, N, grades) for grades (N,)."""
    picked = logs.gather(2, values.expand(len(logs), -1).unsqueeze(2)).squeeze(2)
    return -((1 - SMOOTHING) * picked + SMOOTHING * logs.mean(dim=2)).mean()


def draw_chances(data: GradedDiscs, simulated_share: float) -> NDArray[np.float64]:
    """Return how often each disc (N,) is drawn; sum 1. One kind alone is drawn always."""
    chances = np.zeros(len(data.values))
    kinds = [(data.simulated, simulated_share), (~data.simulated, 1 - simulated_share)]
    for own, share in kinds:
        counts = np.bincount(data.values[own], minlength=len(SYSTEM.grades))
        chances[own] = 1.0 / np.maximum(counts, 5)[data.values[own]] ** EVEN
        if own.any() and not own.all():
            chances[own] *= share / chances[own].sum()
    return np.asarray(chances / chances.sum())


def load_disc_grader(folder: Path) -> tuple[DiscGrader, dict[str, Any]]:
    """Return a run's network and its scores. Raises OutputError if there is none, or it is
    damaged.
    """
    network = DiscGrader(len(SYSTEM.grades))
    return network, load_fitted(network, NETWORK, folder, "sagittal train")


def probabilities_of(network: DiscGrader, data: GradedDiscs) -> NDArray[np.float64]:
    """Return the probabilities (N, grades) that the network gives to the discs as they are."""
    network.eval()
    found = []
    with torch.inference_mode():
        for part in np.array_split(data.squares, max(1, len(data.squares) // 128)):
            squares = torch.from_numpy(part.astype(np.float32)).unsqueeze(1)
            found.append(network(plain_squares(squares)).double().softmax(dim=1).numpy())
    return np.concatenate(found)


def _digest(data: GradedDiscs) -> str:
    """What tells one set of graded discs from another."""
    arrays = (data.squares, data.values, data.simulated, data.aside)
    return digest_of(arrays, data.patients.tolist())
