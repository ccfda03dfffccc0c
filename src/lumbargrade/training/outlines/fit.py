"""Training of the outline network: so many steps, with checkpoints."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from lumbargrade.errors import OutputError, first_line
from lumbargrade.training.augment import Random
from lumbargrade.training.outlines.data import TracedSlices, training_batch
from lumbargrade.training.outlines.loss import outline_loss
from lumbargrade.training.outlines.network import OutlineNetwork
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.schedule import has_fast_bf16, one_cycle

WARMUP, LOWEST_RATE = 0.25, 0.0005
"""Share of the training that warms up, and the last learning rate relative to the peak."""

AVERAGED = 0.995
"""Share of the average of the weights that stays at each step, once there are many."""

GENTLER = 3
"""How many times smaller the learning rate is where a trained network is trained on."""

SAY_EVERY, SAVE_EVERY = 50, 100
"""Steps between two lines of the log, and between two checkpoints."""

CHECKPOINT, NETWORK, METRICS = "checkpoint.pt", "outliner.pt", "metrics.json"


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be created ({error.strerror})") from None
    state = _State.start(network, settings, data, folder)
    chance = _weights(data, settings)[rows]
    chance /= chance.sum()
    recent: list[float] = []
    for step in range(state.done, settings.steps):
        chosen = np.random.default_rng((settings.seed, step)).choice(rows, settings.batch, p=chance)
        recent.append(_step(state, data, chosen, settings, step))
        listener.at("outlines", step + 1, settings.steps)
        if (step + 1) % SAY_EVERY == 0:
            listener.say(f"step {step + 1} of {settings.steps}: loss {np.mean(recent):.3f}")
            recent = []
        if (step + 1) % SAVE_EVERY == 0:
            state.save(folder, step + 1)
    torch.save(state.average.state_dict(), folder / NETWORK)
    return state.average.eval()


def _digest(data: TracedSlices) -> str:
    """What tells one set of traced slices from another."""
    found = hashlib.sha256()
    for part in (data.pictures, data.masks, data.known, data.planes, data.drafts):
        found.update(part.tobytes())
    found.update(repr((data.patients.tolist(), data.contrasts.tolist())).encode())
    return found.hexdigest()


def _weights(data: TracedSlices, settings: OutlineSettings) -> NDArray[np.float64]:
    weights = np.where(data.contrasts == "t2", settings.t2_weight, 1.0)
    weights[data.drafts] = settings.draft_weight
    return weights


def load_outliner(folder: Path) -> tuple[OutlineNetwork, dict[str, Any]]:
    """Return a run's network and its scores.

    Raises OutputError if there is none, or it is damaged.
    """
    network = OutlineNetwork()
    try:
        weights = torch.load(folder / NETWORK, weights_only=True)
        network.load_state_dict(weights)
        scores: dict[str, Any] = json.loads((folder / METRICS).read_text("utf-8"))
    except Exception as error:  # a damaged file raises errors of many kinds, of many lines
        raise OutputError(
            f"{folder}: holds no outline network that can be read ({first_line(error)}): "
            "give the folder that 'lumbargrade outlines train' wrote"
        ) from None
    return network.eval(), scores


@dataclass
class _State:
    """The network, its moving average, and how far the training is."""

    network: OutlineNetwork
    average: OutlineNetwork
    optimiser: torch.optim.Optimizer
    given: dict[str, Any]
    done: int = 0

    @classmethod
    def start(
        cls, network: OutlineNetwork, settings: OutlineSettings, data: TracedSlices, folder: Path
    ) -> _State:
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=1e-4
        )
        given = {**settings.as_dict(), "traced": _digest(data)}
        state = cls(network, copy.deepcopy(network), optimiser, given)
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
                f"{file}: is of a training with other settings or outlines: choose another folder"
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
    state: _State,
    data: TracedSlices,
    rows: NDArray[np.int64],
    settings: OutlineSettings,
    step: int,
) -> float:
    rate = settings.learning_rate * one_cycle(step / settings.steps, WARMUP, LOWEST_RATE)
    for group in state.optimiser.param_groups:
        group["lr"] = rate
    torch.manual_seed(settings.seed * 1_000_003 + step)  # dropout too goes on where it was
    pictures, target = training_batch(data, rows, Random(settings.seed, step))
    state.network.train()
    with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bf16()):
        layers, plane = state.network(pictures.to(memory_format=torch.channels_last))
    loss = outline_loss(layers.float(), plane.float(), target)
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
