"""A training of so many steps, with checkpoints and a moving average of the weights."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lumbargrade.errors import OutputError, first_line
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.schedule import one_cycle

WARMUP, LOWEST_RATE = 0.25, 0.0005
"""Share of the training that warms up, and the last learning rate relative to the peak."""

AVERAGED = 0.995
"""Share of the average of the weights that stays at each step, once there are many."""

SAY_EVERY, SAVE_EVERY = 50, 100
"""Steps between two lines of the log, and between two checkpoints."""

N = TypeVar("N", bound=nn.Module)
"""What is trained."""

CHECKPOINT, METRICS = "checkpoint.pt", "metrics.json"


@dataclass(frozen=True)
class StepPlan:
    """How to train.

    Attributes
    ----------
    name : of what is trained, in the progress and, with ``.pt``, of the file of its weights.
    steps, learning_rate, seed : of the training.
    given : settings and data by which a checkpoint is known to be of the same training.
    """

    name: str
    steps: int
    learning_rate: float
    seed: int
    given: dict[str, Any]


def digest_of(arrays: Sequence[NDArray[Any]], names: object) -> str:
    """Return what tells one set of training data from another: a SHA-256 of its arrays and of
    ``names``, lists of text.
    """
    found = hashlib.sha256()
    for part in arrays:
        found.update(part.tobytes())
    found.update(repr(names).encode())
    return found.hexdigest()


def fit_steps(
    network: N,
    loss_at: Callable[[N, int], Tensor],
    plan: StepPlan,
    folder: Path,
    listener: Listener,
) -> N:
    """Train ``network`` and return the average of its weights, which is written to ``folder``.

    It goes on from the last checkpoint there. ``loss_at`` gives the loss of a step's batch.
    Raises OutputError if a checkpoint is damaged or of another training, or the folder cannot be
    created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be created ({error.strerror})") from None
    state = _State.start(network, plan, folder)
    recent: list[float] = []
    for step in range(state.done, plan.steps):
        recent.append(_step(state, loss_at, plan, step))
        listener.at(plan.name, step + 1, plan.steps)
        if (step + 1) % SAY_EVERY == 0:
            listener.say(f"step {step + 1} of {plan.steps}: loss {np.mean(recent):.3f}")
            recent = []
        if (step + 1) % SAVE_EVERY == 0:
            state.save(folder, step + 1)
    torch.save(state.average.state_dict(), folder / f"{plan.name}.pt")
    return state.average.eval()


def load_fitted(network: nn.Module, name: str, folder: Path, command: str) -> dict[str, Any]:
    """Load the weights of a finished training into ``network``; return its scores.

    Raises OutputError, which names the ``command`` that trains, if there are none or they are
    damaged.
    """
    try:
        network.load_state_dict(torch.load(folder / f"{name}.pt", weights_only=True))
        scores: dict[str, Any] = json.loads((folder / METRICS).read_text("utf-8"))
    except Exception as error:  # a damaged file raises errors of many kinds, of many lines
        raise OutputError(
            f"{folder}: holds no trained {name} that can be read ({first_line(error)}): "
            f"give the folder that 'lumbargrade {command}' wrote"
        ) from None
    network.eval()
    return scores


@dataclass
class _State(Generic[N]):
    """The network, its moving average, and how far the training is."""

    network: N
    average: N
    optimiser: torch.optim.Optimizer
    given: dict[str, Any]
    done: int = 0

    @classmethod
    def start(cls, network: N, plan: StepPlan, folder: Path) -> _State[N]:
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=plan.learning_rate, weight_decay=1e-4
        )
        state = cls(network, copy.deepcopy(network), optimiser, plan.given)
        if (folder / CHECKPOINT).exists():
            state._resume(folder / CHECKPOINT)
        return state

    def _resume(self, file: Path) -> None:
        try:
            saved = torch.load(file, weights_only=True)
            self.network.load_state_dict(saved["network"])
            self.average.load_state_dict(saved["average"])
            self.optimiser.load_state_dict(saved["optimiser"])
            same, self.done = saved["settings"] == self.given, int(saved["done"])
        except Exception as error:
            raise OutputError(
                f"{file}: cannot be read ({first_line(error)}): delete the folder and train again"
            ) from None
        if not same:
            raise OutputError(
                f"{file}: is of a training with other settings or tracings: choose another folder"
            )

    def save(self, folder: Path, done: int) -> None:
        draft = folder / f"{CHECKPOINT}.part"
        parts = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        torch.save({**parts, "settings": self.given, "done": done}, draft)
        draft.replace(folder / CHECKPOINT)


def _step(
    state: _State[N], loss_at: Callable[[N, int], Tensor], plan: StepPlan, step: int
) -> float:
    rate = plan.learning_rate * one_cycle(step / plan.steps, WARMUP, LOWEST_RATE)
    for group in state.optimiser.param_groups:
        group["lr"] = rate
    torch.manual_seed(plan.seed * 1_000_003 + step)  # dropout too goes on where it was
    state.network.train()
    loss = loss_at(state.network, step)
    state.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    state.optimiser.step()
    _average(state.average, state.network, min(AVERAGED, (step + 1) / (step + 10)))
    return float(loss.detach())


def _average(average: nn.Module, network: nn.Module, kept: float) -> None:
    """Move the average of weights and batch norms towards the present ones."""
    with torch.no_grad():
        pairs = zip(average.state_dict().values(), network.state_dict().values(), strict=True)
        for mean, now in pairs:
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - kept)
            else:
                mean.copy_(now)
