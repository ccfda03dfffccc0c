"""Training of the region locator, on the overviews of the same cohort as the grader's."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lumbargrade.errors import OutputError, first_line
from lumbargrade.study.patch import OverviewSpec
from lumbargrade.training.augment import Random
from lumbargrade.training.data import epoch_order
from lumbargrade.training.locator.augment import augment_overviews
from lumbargrade.training.locator.network import Locator, locate, locator_loss
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.recipe import LocatorSettings, Recipe
from lumbargrade.training.schedule import has_fast_bf16, one_cycle, share_over
from lumbargrade.training.warm_start import start_from, starting_bundle

WARM_START_SLICES = 256
"""Training slices on which the batch norms of a starting bundle are measured."""
WARMUP, LOWEST_RATE = 0.1, 0.002
"""Share of the training that warms up, and the last learning rate relative to the peak."""
_DISTURBED = 991
"""Epoch number, beyond any real one, that seeds the disturbed validation pictures."""


@dataclass(frozen=True)
class LocatorData:
    """Overviews (N, 128, 128), targets (N, 2: u, v), and the rows of the two parts."""

    overviews: NDArray[np.float16]
    targets: NDArray[np.float32]
    train: NDArray[np.int64]
    validation: NDArray[np.int64]

    def batch(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return pictures (n, 1, 128, 128) float32 and targets (n, 2)."""
        pictures = torch.from_numpy(np.asarray(self.overviews[rows], dtype=np.float32))
        return pictures.unsqueeze(1), torch.from_numpy(np.asarray(self.targets[rows]))


def fit_locator(data: LocatorData, recipe: Recipe, folder: Path, listener: Listener) -> None:
    """Train a locator and write ``locator.pt`` and ``metrics.json`` to ``folder``."""
    settings, seed = recipe.locator, recipe.optimiser.seed
    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = Locator()
    if recipe.network.start_from:
        _start(network, recipe.network.start_from, data)
    network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, weight_decay=0.01
    )
    steps = max(len(data.train) // settings.batch, 1)
    started = time.perf_counter()
    for epoch in range(settings.epochs):
        order = data.train[epoch_order(np.ones(len(data.train)), seed, epoch)]
        network.train()
        for step in range(steps):
            done = (epoch + step / steps) / settings.epochs
            share = share_over(done, started, settings.max_minutes)
            if share >= 1.0:
                break
            for group in optimiser.param_groups:
                group["lr"] = settings.learning_rate * one_cycle(share, WARMUP, LOWEST_RATE)
            rows = np.sort(order[step * settings.batch : (step + 1) * settings.batch])
            _step(network, optimiser, data.batch(rows), settings, Random(seed, epoch, step))
            listener.at(f"locator {epoch + 1}/{settings.epochs}", step + 1, steps)
    minutes = (time.perf_counter() - started) / 60
    scores = locator_scores(network, data, recipe) | {"minutes": round(minutes, 2)}
    listener.say("locator: " + ", ".join(f"{name} {value}" for name, value in scores.items()))
    _save(network, scores, folder)


def _start(network: Locator, bundle: str, data: LocatorData) -> None:
    """Take the weights of a bundle's locator; one that has none leaves the network as it is."""
    file = starting_bundle(bundle).locator_path
    if file is not None:
        step = max(len(data.train) // WARM_START_SLICES, 1)
        start_from(network, file, "", data.batch(data.train[::step])[0])


def _step(
    network: Locator,
    optimiser: torch.optim.Optimizer,
    batch: tuple[Tensor, Tensor],
    settings: LocatorSettings,
    random: Random,
) -> None:
    device = next(network.parameters()).device
    pictures, targets = (part.to(device) for part in batch)
    changed, moved, inside = augment_overviews(
        pictures, targets, settings, random, OverviewSpec().spacing_mm
    )
    with torch.autocast(device.type, torch.bfloat16, enabled=has_fast_bf16()):
        heatmaps = network(changed.to(memory_format=torch.channels_last))
    loss = locator_loss(heatmaps, moved, inside)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()


def locator_scores(network: Locator, data: LocatorData, recipe: Recipe) -> dict[str, float]:
    """Return errors in mm on the validation slices, as they are and heavily disturbed."""
    network.eval()
    device = next(network.parameters()).device
    spacing = OverviewSpec().spacing_mm
    errors: dict[str, list[Tensor]] = {"plain": [], "disturbed": []}
    with torch.inference_mode():
        for number, start in enumerate(range(0, len(data.validation), 64)):
            rows = data.validation[start : start + 64]
            pictures, targets = (part.to(device) for part in data.batch(rows))
            random = Random(recipe.optimiser.seed, _DISTURBED, number)
            changed, moved, inside = augment_overviews(
                pictures, targets, recipe.locator, random, spacing
            )
            plain = (locate(network(pictures)) - targets).norm(dim=1)
            disturbed = (locate(network(changed)) - moved).norm(dim=1)[inside]
            errors["plain"].append(plain * spacing)
            errors["disturbed"].append(disturbed * spacing)
    scores: dict[str, float] = {}
    for name, parts in errors.items():
        each = torch.cat(parts) if parts else torch.zeros(0)
        if len(each):
            scores[f"{name}_median_mm"] = round(float(each.median()), 2)
            scores[f"{name}_p95_mm"] = round(float(each.quantile(0.95)), 2)
            scores[f"{name}_within_10mm"] = round(float((each <= 10).float().mean()), 4)
    return scores


def load_locator(folder: Path) -> tuple[Locator, dict[str, float]] | None:
    """Return a run's locator and its scores; None if the run has none.

    Raises OutputError if its files are damaged.
    """
    if not folder.exists():
        return None
    network = Locator()
    try:
        network.load_state_dict(torch.load(folder / "locator.pt", weights_only=True))
        scores: dict[str, float] = json.loads((folder / "metrics.json").read_text("utf-8"))
    except Exception as error:  # a damaged file raises errors of many kinds, of many lines
        raise OutputError(
            f"{folder}: the locator cannot be read ({first_line(error)}); "
            "delete the folder and train again with --resume"
        ) from None
    return network.eval(), scores


def _save(network: Locator, scores: dict[str, float], folder: Path) -> None:
    draft = folder.with_name(folder.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    torch.save(network.cpu().state_dict(), draft / "locator.pt")
    (draft / "metrics.json").write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")
    draft.rename(folder)
