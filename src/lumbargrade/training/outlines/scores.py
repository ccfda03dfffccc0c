"""How well the outline network draws slices set aside: overlap, margin, plane."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lumbargrade.inference.answers.mirror import both_ways
from lumbargrade.inference.outline import drawn_from, mirror_average
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.measure import measure
from lumbargrade.training.outlines.data import TracedSlices, plain_batch
from lumbargrade.training.outlines.loss import NOT_SAID
from lumbargrade.training.outlines.network import OutlineNetwork

Floats = NDArray[np.float32]

FEWEST = 3
"""Slices from which on a measure has an error."""


def answers(network: OutlineNetwork, pictures: Floats) -> tuple[Floats, Floats]:
    """Return probabilities (n, layers, p, p) and (n, 3) for squares (n, p, p)."""
    network.eval()
    with torch.inference_mode():
        layers, planes = network(torch.from_numpy(both_ways(pictures).copy()).unsqueeze(1))
    return mirror_average(layers.numpy(), planes.numpy())


def dice(drawn: Floats, wanted: Floats) -> Floats:
    """Return the overlap 2 |A and B| / (|A| + |B|) of masks (n, layers, p, p), by layer."""
    one, other = drawn > 0.5, wanted > 0.5
    both = (one & other).sum(axis=(2, 3))
    return np.asarray(2 * both / np.maximum(one.sum(axis=(2, 3)) + other.sum(axis=(2, 3)), 1))


def outline_scores(network: OutlineNetwork, data: TracedSlices) -> dict[str, Any]:
    """Return, by contrast, the mean Dice of each layer and the share of right planes."""
    found: dict[str, Any] = {}
    for contrast in sorted(set(data.contrasts[data.tested].tolist())):
        rows = np.flatnonzero(data.tested & (data.contrasts == contrast))
        pictures, target = plain_batch(data, rows)
        drawn, planes = answers(network, pictures[:, 0].numpy())
        inside = target.inside.numpy()
        overlap = dice(drawn * inside, target.masks.numpy() * inside)
        known = data.known[rows]
        found[contrast] = {
            "slices": len(rows),
            "patients": len(set(data.patients[rows].tolist())),
            "plane_right": _share_right(planes, data.planes[rows]),
            "dice": {
                name: round(float(overlap[known[:, layer], layer].mean()), 4)
                for layer, name in enumerate(LAYERS)
                if known[:, layer].any()
            },
        }
    return found


def _share_right(planes: Floats, said: NDArray[np.int64]) -> float | None:
    right = (planes.argmax(1) == said)[said != NOT_SAID]
    return round(float(right.mean()), 4) if len(right) else None


def measure_errors(network: OutlineNetwork, data: TracedSlices) -> dict[str, float]:
    """Return, by measure, the median difference to the tracer's on the slices set aside.

    Both are measured by the same formulas, on the drawn and on the traced outlines; sides
    count each. Measures that fewer than three slices have on both are left out.
    """
    rows = np.flatnonzero(data.tested)
    if not len(rows):
        return {}
    pictures, _ = plain_batch(data, rows)
    away: dict[str, list[float]] = {}
    for row, masks, planes in zip(rows, *answers(network, pictures[:, 0].numpy()), strict=True):
        traced = data.outlines[row]
        drawn = drawn_from(masks, planes, traced.roots_in_sac is not None).outlines
        for one, other in zip(measure(traced), measure(drawn), strict=True):
            if one.value is not None and other.value is not None:
                away.setdefault(one.name, []).append(abs(one.value - other.value))
    return {
        name: round(max(float(np.median(each)), 1e-3), 3)
        for name, each in away.items()
        if len(each) >= FEWEST
    }
