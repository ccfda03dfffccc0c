"""Measures in their unit as outputs of the network: targets, head, loss and scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.inference.measures.names import MEASURES, mirror_columns, mirrored_name
from lumbargrade.training.progress_log import NOBODY, Listener
from lumbargrade.training.recipe import Recipe

LARGEST_SPREADS = 4.0
"""Targets farther than this from the mean, in spreads, are moved there: a sequestrated disc is
large, and how large teaches little."""

LEAST_KNOWN = 2
"""A measure known of fewer slices has no spread."""

Floats = NDArray[np.float32]


def measure_table(slices: Sequence[CohortSlice], names: Sequence[str]) -> Floats:
    """Return (N, measures) in their units; NaN where one is not known."""
    rows = [[one.measures.get(name) for name in names] for one in slices]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(names))


def known_measures(slices: Sequence[CohortSlice], names: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``names`` that enough of the slices have."""
    counts = np.isfinite(measure_table(slices, names)).sum(axis=0)
    return tuple(name for name, count in zip(names, counts, strict=True) if count >= LEAST_KNOWN)


def with_known_measures(
    recipe: Recipe, slices: Sequence[CohortSlice], listener: Listener = NOBODY
) -> Recipe:
    """Return the recipe with the measures that these slices have, and say which were dropped."""
    asked = recipe.outputs.measures
    known = known_measures(slices, asked)
    known = tuple(name for name in known if mirrored_name(name) in known)
    if dropped := [name for name in asked if name not in known]:
        listener.say(f"measures that the cohort does not hold are left out: {', '.join(dropped)}")
    return replace(recipe, outputs=replace(recipe.outputs, measures=known))


def scale_of(table: Floats) -> tuple[Floats, Floats]:
    """Return mean and spread (standard deviation) of each column of (N, measures).

    A column that is hardly known, or does not vary, has mean 0 or its own, and spread 1.
    """
    mean = np.zeros(table.shape[1], dtype=np.float32)
    spread = np.ones(table.shape[1], dtype=np.float32)
    for column in range(table.shape[1]):
        known = table[np.isfinite(table[:, column]), column]
        if len(known):
            mean[column] = known.mean()
        if len(known) >= LEAST_KNOWN and known.std() > 0:
            spread[column] = known.std()
    return mean, spread


class MeasureHead(nn.Module):
    """One linear layer for all measures, in spreads from the mean of the training slices."""

    def __init__(self, features: int, count: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, count)
        nn.init.normal_(self.linear.weight, std=0.01)
        nn.init.zeros_(self.linear.bias)
        self.mean: Tensor
        self.spread: Tensor
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("spread", torch.ones(count))

    def forward(self, pooled: Tensor) -> Tensor:
        """(N, features) -> (N, measures) in spreads from the mean."""
        given: Tensor = self.linear(pooled)
        return given

    def in_units(self, given: Tensor) -> Tensor:
        """Return (N, measures) in their units."""
        return given * self.spread + self.mean

    def standardised(self, values: Tensor) -> Tensor:
        """Return (N, measures) in units as targets; NaN stays."""
        return ((values - self.mean) / self.spread).clamp(-LARGEST_SPREADS, LARGEST_SPREADS)

    def set_scale(self, scale: tuple[Floats, Floats]) -> None:
        """Take mean and spread (measures,) of the training slices."""
        for own, value in zip((self.mean, self.spread), scale, strict=True):
            own.copy_(torch.from_numpy(value))

    def take(self, weights: Mapping[str, Floats], scale: tuple[Floats, Floats]) -> None:
        """Take ``weight`` and ``bias`` of a layer that was learned in another scale."""
        mean, spread = (torch.from_numpy(value) for value in scale)
        share = spread / self.spread
        with torch.no_grad():
            self.linear.weight.copy_(torch.from_numpy(weights["weight"]) * share[:, None])
            bias = torch.from_numpy(weights["bias"]) * share
            self.linear.bias.copy_(bias + (mean - self.mean) / self.spread)


def measure_loss(given: Tensor, values: Tensor, head: MeasureHead) -> Tensor:
    """Return the sum over the measures of the mean smooth L1 distance, in spreads.

    ``given`` (N, measures) as the head gives it; ``values`` (N, measures) in their units, NaN where
    one is not known: no loss and no gradient. Divided by the whole batch, as the loss of grades is.
    """
    known = torch.isfinite(values)
    target = torch.nan_to_num(head.standardised(values))
    each = functional.smooth_l1_loss(given.float(), target, reduction="none")
    return (each * known).sum() / max(len(values), 1)


def swap_measures(values: Tensor, mirrored: Tensor, names: Sequence[str]) -> Tensor:
    """Exchange the sides of the measures (N, measures) of mirrored pictures (N,)."""
    columns, signs = mirror_columns(names)
    other = values[:, columns] * values.new_tensor(signs)
    return torch.where(mirrored.unsqueeze(1), other, values)


def moments(given: Tensor, values: Tensor) -> Tensor:
    """Return (measures, 7) sums over slices whose value is known, of which scores are made.

    Count, sums of given, value, their squares and product, and of the absolute difference. Sums of
    several batches, or processes, may be added.
    """
    known = torch.isfinite(values).double()
    x, y = given.double() * known, torch.nan_to_num(values).double() * known
    columns = (known, x, y, x * x, y * y, x * y, (x - y).abs())
    return torch.stack([column.sum(0) for column in columns], dim=1)


def scores_of(sums: Tensor, names: Sequence[str]) -> dict[str, float]:
    """Return mean error in the unit, and correlation, of each measure that was known."""
    found: dict[str, float] = {}
    for name, row in zip(names, sums.tolist(), strict=True):
        count, x, y, xx, yy, xy, apart = row
        if count == 0:
            continue
        found[f"{MEASURES}/{name}/mean_error"] = apart / count
        spread = (xx - x * x / count) * (yy - y * y / count)
        if spread > 0:
            found[f"{MEASURES}/{name}/correlation"] = (xy - x * y / count) / spread**0.5
    return found
