"""Training of the disc grader: so many steps, with checkpoints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
from lumbargrade.training.heads import MISSING
from lumbargrade.training.loop.steps import METRICS, StepPlan, digest_of, fit_steps, load_fitted
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.sagittal.augment import changed_squares, plain_squares
from lumbargrade.training.sagittal.data import GradedDiscs
from lumbargrade.training.sagittal.network import DiscGrader

NETWORK = "disc_grader"
EVEN = 0.5
"""Grades are drawn as often as their number of discs to the power of one less this: 0 as they are
found, 1 all alike."""
FEWEST_COUNTED = 5
"""A grade of fewer discs is drawn as if it had so many: a handful would be seen too often."""
ALONE = "PFIRRMANN"
"""What runs learned before they could learn several systems."""
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
        values = torch.from_numpy(data.values[chosen])
        parts = zip(network.split(network.apart(seen)), values.T, strict=True)
        return torch.stack([grader_loss(logs, own) for logs, own in parts]).sum()

    given = {**asdict(settings), "graded": _digest(data)}
    plan = StepPlan(NETWORK, settings.steps, settings.learning_rate, settings.seed, given)
    return fit_steps(DiscGrader(grades_of(data.systems)), loss_at, plan, folder, listener)


def grades_of(systems: Sequence[str]) -> tuple[int, ...]:
    """Return how many grades each system has."""
    return tuple(len(SAGITTAL_SYSTEMS[code].grades) for code in systems)


def grader_loss(logs: Tensor, values: Tensor) -> Tensor:
    """Return the mean loss of logarithms of probabilities (members, N, grades) for grades (N,).

    Discs without a grade take no part; without any, it is 0.
    """
    known = values != MISSING
    if not known.any():
        return logs.sum() * 0.0
    logs, values = logs[:, known], values[known]
    picked = logs.gather(2, values.expand(len(logs), -1).unsqueeze(2)).squeeze(2)
    return -((1 - SMOOTHING) * picked + SMOOTHING * logs.mean(dim=2)).mean()


def draw_chances(data: GradedDiscs, simulated_share: float) -> NDArray[np.float64]:
    """Return how often each disc (N,) is drawn; sum 1. One kind alone is drawn always.

    A disc's rareness is the mean of that of its grades.
    """
    chances = np.zeros(len(data.values))
    kinds = [(data.simulated, simulated_share), (~data.simulated, 1 - simulated_share)]
    for own, share in kinds:
        rareness = [_rareness(values) for values in data.values[own].T]
        chances[own] = np.nanmean(rareness, axis=0) if own.any() else 0.0
        if own.any() and not own.all():
            chances[own] *= share / chances[own].sum()
    return np.asarray(chances / chances.sum())


def _rareness(values: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return one over the root of how many discs have the same value; NaN where it is missing."""
    known = values != MISSING
    counts = np.maximum(np.bincount(values[known], minlength=1), FEWEST_COUNTED)
    found = np.full(len(values), np.nan)
    found[known] = 1.0 / counts[values[known]] ** EVEN
    return found


def load_disc_grader(folder: Path) -> tuple[DiscGrader, dict[str, Any]]:
    """Return a run's network and its scores. Raises OutputError if there is none, or it is
    damaged.
    """
    network = DiscGrader(grades_of(_systems_of(folder)))
    return network, load_fitted(network, NETWORK, folder, "sagittal train")


def scores_of(run: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the scores of each system, of what a run says of itself.

    Raises KeyError if it says nothing.
    """
    return run["graded"] if "graded" in run else {ALONE: run["set_aside"]}


def _systems_of(folder: Path) -> list[str]:
    """Return the systems of a run; Pfirrmann's of one that does not say, or cannot be read: that
    its weights say next.
    """
    try:
        scores = json.loads((folder / METRICS).read_text("utf-8"))
        return [code for code in scores_of(scores) if code in SAGITTAL_SYSTEMS]
    except (OSError, ValueError, TypeError, KeyError):
        return [ALONE]


def probabilities_of(network: DiscGrader, data: GradedDiscs) -> tuple[NDArray[np.float64], ...]:
    """Return the probabilities (N, grades) of each system that the network gives to the discs as
    they are.
    """
    network.eval()
    found = []
    with torch.inference_mode():
        for part in np.array_split(data.squares, max(1, len(data.squares) // 128)):
            squares = torch.from_numpy(part.astype(np.float32)).unsqueeze(1)
            systems = network.split(network(plain_squares(squares)).double())
            found.append([one.softmax(dim=1).numpy() for one in systems])
    return tuple(np.concatenate(one) for one in zip(*found, strict=True))


def _digest(data: GradedDiscs) -> str:
    """What tells one set of graded discs from another."""
    arrays = (data.squares, data.values, data.simulated, data.aside)
    return digest_of(arrays, [data.patients.tolist(), data.systems])
