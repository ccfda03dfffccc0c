"""How well the disc finder marks the discs of slices set aside."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lumbargrade.inference.sagittal.decode import Peak, peaks_of
from lumbargrade.training.discs.data import TracedDiscs, plain_batch
from lumbargrade.training.discs.loss import USUAL_DISTANCE_MM
from lumbargrade.training.discs.network import DiscFinder

NEAR_SHARE = 0.15
"""A disc is found if a peak lies within this share of the distance to its neighbour."""
SACRAL = 0.5


def finder_scores(network: DiscFinder, data: TracedDiscs) -> dict[str, Any]:
    """Return what is written of the slices of people set aside; empty without any.

    The sacrum is scored on the slices whose lowest disc is known to lie on it.
    """
    rows = np.flatnonzero(data.aside)
    if not len(rows):
        return {}
    pictures, target = plain_batch(data, rows)
    network.eval()
    with torch.inference_mode():
        middles, corners = (part.numpy() for part in network(pictures))
    found, apart, sacral = [], [], []
    for row in range(len(rows)):
        truth = target.corners_mm[row].numpy().astype(np.float64)
        truth = truth[np.isfinite(truth[:, 0, 0])]
        peaks = peaks_of(middles[row], corners[row])
        hits, away = matched(truth, peaks)
        found += hits
        apart += away
        if data.on_sacrum[rows[row]]:
            sacral.append(_on_sacrum(truth, peaks))
    return {
        "slices": len(rows),
        "patients": len(set(data.patients[rows].tolist())),
        "discs": len(found),
        "found": round(float(np.mean(found)), 4),
        "corner_median_mm": round(float(np.median(apart)), 2) if apart else None,
        "sacrum_right": round(float(np.mean(sacral)), 4) if sacral else None,
    }


def matched(truth: NDArray[np.float64], peaks: list[Peak]) -> tuple[list[bool], list[float]]:
    """Return which discs (d, 4, 2; caudal to cranial, mm) were found, and how far (mm) their
    corners are off.
    """
    middles = truth.mean(axis=1)
    steps = np.linalg.norm(np.diff(middles, axis=0), axis=1)
    reach = NEAR_SHARE * (float(np.median(steps)) if len(steps) else USUAL_DISTANCE_MM)
    hits, apart = [], []
    for disc, middle in zip(truth, middles, strict=True):
        away = [float(np.linalg.norm(one.corners_mm.mean(axis=0) - middle)) for one in peaks]
        hits.append(min(away, default=np.inf) <= reach)
        if hits[-1]:
            one = peaks[int(np.argmin(away))]
            apart += np.linalg.norm(one.corners_mm - disc, axis=1).tolist()
    return hits, apart


def _on_sacrum(truth: NDArray[np.float64], peaks: list[Peak]) -> bool:
    """Whether the disc on the sacrum is the lowest traced one."""
    sure = [one for one in peaks if one.on_sacrum >= SACRAL]
    if not sure:
        return False
    best = max(sure, key=lambda one: one.on_sacrum)
    return float(np.linalg.norm(best.corners_mm.mean(axis=0) - truth[0].mean(axis=0))) < 10.0
