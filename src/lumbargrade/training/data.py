"""Batches of packed slices, in an order that depends on the seed and the epoch alone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.training.heads import DISC, MISSING, labels_of

Batch = dict[str, Tensor]

SOFT = "soft"
"""Name of the soft labels in a batch."""


@dataclass(frozen=True)
class SliceTable:
    """Pictures and labels of one part of a split.

    Attributes
    ----------
    file : (N, p, p) float16 .npy of the whole cohort; mapped on first use, so that a table
        is small enough to be sent to another process.
    rows : (n,) rows of ``file`` that belong to this part.
    labels : (n, outputs) int64; -1 where a grade is not known.
    maps_file : (N, 5, p, p) uint8 .npy of the outlines' maps, 255 times the probability; None
        where the network sees the picture alone.
    measures : (n, measures) float32 in their units, NaN where one is not known; None: none is
        learned.
    sites : (n,) cohort of each slice; None: one cohort alone.
    soft : (n, outputs, most grades) float32 probabilities that stand for a label, NaN where there
        are none; None: there are none at all.
    """

    file: Path
    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    maps_file: Path | None = None
    measures: NDArray[np.float32] | None = None
    sites: NDArray[np.str_] | None = None
    soft: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def pictures(self) -> NDArray[np.float16]:
        """The memory-mapped pictures."""
        mapped: NDArray[np.float16] = np.load(self.file, mmap_mode="r")
        return mapped

    @cached_property
    def maps(self) -> NDArray[np.uint8] | None:
        """The memory-mapped maps of the outlines."""
        return None if self.maps_file is None else np.load(self.maps_file, mmap_mode="r")

    def batch(self, chosen: Sequence[int] | NDArray[np.int64]) -> Batch:
        """Return pictures (n, c, p, p) float16, whose further channels are the maps, labels
        (n, outputs), and measures and soft labels, if any.
        """
        index = np.asarray(chosen)
        pictures = torch.from_numpy(self.pictures[self.rows[index]]).unsqueeze(1)
        if self.maps is not None:
            maps = torch.from_numpy(self.maps[self.rows[index]])
            pictures = torch.cat([pictures, maps.half().div_(255)], dim=1)
        batch = {"pictures": pictures, "labels": torch.from_numpy(self.labels[index])}
        if self.measures is not None:
            batch[MEASURES] = torch.from_numpy(self.measures[index])
        if self.soft is not None:
            batch[SOFT] = torch.from_numpy(self.soft[index])
        return batch


def label_table(slices: Sequence[CohortSlice], specs: Sequence[OutputSpec]) -> NDArray[np.int64]:
    """Return (N, outputs) labels; -1 where a grade is not known."""
    rows = [labels_of(item.grades, item.disc_in_plane, specs) for item in slices]
    return np.asarray(rows, dtype=np.int64).reshape(len(rows), len(specs))


def sampling_weights(
    labels: NDArray[np.int64], specs: Sequence[OutputSpec], power: float, max_weight: float
) -> NDArray[np.float64]:
    """Return (n,) relative frequencies at which slices should be seen.

    A slice counts as rare as its rarest grade: 1 / frequency to the ``power``, relative to
    the commonest grade of the same output, at most ``max_weight``.
    """
    weights = np.ones(len(labels))
    for column, spec in enumerate(specs):
        if spec.name == DISC:
            continue
        known = labels[:, column] != MISSING
        counts = np.bincount(labels[known, column], minlength=spec.grades).astype(float)
        rarity = np.where(counts > 0, counts.max(initial=1.0) / np.maximum(counts, 1.0), 1.0)
        own = np.where(known, rarity[np.where(known, labels[:, column], 0)], 1.0)
        weights = np.maximum(weights, own**power)
    return np.asarray(np.minimum(weights, max_weight))


def epoch_order(weights: NDArray[np.float64], seed: int, epoch: int) -> NDArray[np.int64]:
    """Draw as many slices as there are, each about ``weights`` times, in random order.

    Systematic drawing: a slice of relative frequency 1.3 comes once or twice, never not.
    """
    random = np.random.default_rng([seed, epoch])
    shares = np.cumsum(weights) * (len(weights) / weights.sum())
    ticks = np.arange(len(weights)) + random.uniform()
    drawn = np.minimum(np.searchsorted(shares, ticks), len(weights) - 1)
    return np.asarray(random.permutation(drawn), dtype=np.int64)


class BatchLoader:
    """Iterates over one epoch's batches and measures how long it was waited for.

    Each of ``world`` processes gets every ``world``-th slice of the same order; an
    incomplete last training batch is left out, since batch norm dislikes small ones.
    """

    def __init__(
        self, table: SliceTable, order: NDArray[np.int64], batch: int, train: bool
    ) -> None:
        self.table, self.order, self.size = table, order, batch
        whole = len(order) // batch if train else -(-len(order) // batch)
        self.count = max(whole, 1) if len(order) else 0
        self.waited_s = 0.0

    @classmethod
    def for_process(
        cls, table: SliceTable, order: NDArray[np.int64], batch: int, place: tuple[int, int]
    ) -> BatchLoader:
        """Return the training loader of process ``place[0]`` of ``place[1]``."""
        rank, world = place
        even = len(order) // world * world  # every process must make as many steps
        return cls(table, order[:even][rank::world], batch, train=True)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Batch]:
        for step in range(self.count):
            started = time.perf_counter()
            batch = self.table.batch(self.order[step * self.size : (step + 1) * self.size])
            self.waited_s += time.perf_counter() - started
            yield batch
