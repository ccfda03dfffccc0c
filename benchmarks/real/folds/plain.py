"""The baseline: a plain ResNet-18 from scratch, with nothing of the project's recipe.

Random affine crops of a fixed window, mirror, AdamW, one cycle up to 1e-3, 40 epochs, the
last weights. Every epoch ends in a checkpoint, and all randomness depends on the seed and
the epoch alone, so a killed run goes on as if nothing had happened.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from lumbargrade.training.augment import Random, affine, resample
from lumbargrade.training.heads import MISSING
from lumbargrade.training.network import Grader

EPOCHS = 40
BATCH = 32
PEAK_RATE = 1e-3
PIXELS = 128
ROTATION_DEG = 15.0
SHIFT = 0.08
"""Largest shift, as a share of the window."""
ZOOM = 0.15
"""Scale uniform in 1 +- this."""
TEST_BATCH = 64


@dataclass(frozen=True)
class PlainRun:
    """What a fold of the baseline needs.

    Attributes
    ----------
    windows : (n, e, e) uint8, the fixed window of every slice.
    labels : (n, heads) int64; ``MISSING`` where unknown.
    heads : name -> number of grades, in the order of the columns.
    train, test : rows.
    checkpoint : file of the last finished epoch.
    pixels : edge length of the network's picture.
    """

    windows: NDArray[np.uint8]
    labels: NDArray[np.int64]
    heads: dict[str, int]
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    checkpoint: Path
    pixels: int = PIXELS
    epochs: int = EPOCHS
    seed: int = 7


def train_plain(run: PlainRun) -> dict[str, NDArray[np.float64]]:
    """Train on ``run.train`` and return head -> probabilities (test, grades)."""
    torch.manual_seed(run.seed)
    network = Grader("resnet18", run.heads).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=0.01)
    steps = len(run.train) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, run.epochs * steps)
    parts = {"network": network, "optimiser": optimiser, "schedule": schedule}
    first = 0
    if run.checkpoint.exists():
        saved = torch.load(run.checkpoint, map_location="cpu", weights_only=True)
        first = int(saved["epoch"])
        for name, part in parts.items():
            part.load_state_dict(saved[name])
    for epoch in range(first, run.epochs):
        started = time.perf_counter()
        loss = _epoch(run, network, optimiser, schedule, epoch)
        states = {name: part.state_dict() for name, part in parts.items()}
        save({**states, "epoch": epoch + 1}, run.checkpoint)
        rate = steps * BATCH / (time.perf_counter() - started)
        print(f"  epoch {epoch + 1}/{run.epochs}: loss {loss:.3f}, {rate:.0f} images/s", flush=True)
    return _predict(run, network)


def save(content: dict[str, object], path: Path) -> None:
    """Write a checkpoint so that a kill leaves the old one or the new one."""
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    os.replace(partial, path)


def standardised(windows: NDArray[np.uint8]) -> Tensor:
    """Return (n, 1, e, e) float32 with mean 0 and deviation 1 in each window."""
    values = torch.from_numpy(windows).float().unsqueeze(1)
    mean, spread = values.mean((2, 3), keepdim=True), values.std((2, 3), keepdim=True)
    return (values - mean) / (spread + 1e-3)


def masked_loss(logits: dict[str, Tensor], labels: Tensor) -> Tensor:
    """Return the sum over the heads of the mean cross entropy over known labels."""
    total = torch.zeros(())
    for column, values in enumerate(logits.values()):
        known = labels[:, column] != MISSING
        if known.any():
            total = total + functional.cross_entropy(values[known], labels[known, column])
    return total


def _epoch(
    run: PlainRun,
    network: Grader,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    epoch: int,
) -> float:
    network.train()
    order = run.train[np.random.default_rng([run.seed, epoch]).permutation(len(run.train))]
    losses = []
    for step in range(len(order) // BATCH):
        rows = order[step * BATCH : (step + 1) * BATCH]
        pictures = _random_crops(run, rows, Random(run.seed, epoch, step))
        logits = network(pictures.to(memory_format=torch.channels_last))
        loss = masked_loss(logits, torch.from_numpy(run.labels[rows]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
    return float(np.mean(losses))


def _random_crops(run: PlainRun, rows: NDArray[np.int64], random: Random) -> Tensor:
    count, edge = len(rows), run.windows.shape[-1]
    shift = torch.stack([random.symmetric(count, SHIFT * edge) for _ in range(2)], 1)
    maps = affine(
        random.symmetric(count, ROTATION_DEG),
        1.0 + random.symmetric(count, ZOOM),
        shift,
        random.chance(count, 0.5),
    )
    return resample(standardised(run.windows[rows]), maps, run.pixels, float(edge))


def _predict(run: PlainRun, network: Grader) -> dict[str, NDArray[np.float64]]:
    network.eval()
    found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in run.heads}
    with torch.no_grad():
        for start in range(0, len(run.test), TEST_BATCH):
            windows = standardised(run.windows[run.test[start : start + TEST_BATCH]])
            still = affine(*_unchanged(len(windows)))
            pictures = resample(windows, still, run.pixels, float(windows.shape[-1]))
            logits = network(pictures.to(memory_format=torch.channels_last))
            for name, values in logits.items():
                found[name].append(values.double().softmax(1).numpy())
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _unchanged(count: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return torch.zeros(count), torch.ones(count), torch.zeros(count, 2), torch.zeros(count).bool()
