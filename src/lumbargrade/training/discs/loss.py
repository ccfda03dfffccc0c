"""What the disc finder is trained to make small."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from lumbargrade.inference.sagittal.square import CELL_MM, CELLS

SIGMA_MM = 6.0
"""Width of a disc's peak: one cell, so that neighbours stay apart."""
NEAR = 0.3
"""Corners are learned in the cells where the peak is higher than this."""
CORNER_WEIGHT = 1.5
UNTRACED_SHARE = 0.55
"""Farther above the highest traced disc than this share of a disc's distance may lie discs that
nobody traced: nothing is learned there."""
USUAL_DISTANCE_MM = 36.0


@dataclass(frozen=True)
class Target:
    """Where the discs of a batch are.

    Attributes
    ----------
    corners_mm : (N, discs, 4, 2: x to the back, y to the feet) from the middle of the square,
        caudal to cranial; NaN where there is no further disc.
    on_sacrum : (N,) whether the first disc lies on the sacrum.
    """

    corners_mm: Tensor
    on_sacrum: Tensor

    @property
    def middles_mm(self) -> Tensor:
        """(N, discs, 2)."""
        return self.corners_mm.mean(dim=2)


def finder_loss(middles: Tensor, corners: Tensor, target: Target) -> Tensor:
    """Return the loss of logits (N, 2, c, c) and corners in cm (N, 8, c, c)."""
    peaks = _peaks(target)  # (N, discs, c, c)
    discs = peaks.amax(dim=1)
    inside = target.middles_mm[:, 0].abs().amax(-1) < CELLS * CELL_MM / 2
    lowest = peaks[:, 0] * (target.on_sacrum & inside).float()[:, None, None]
    wanted = torch.stack([discs, lowest], dim=1)
    learned = torch.stack([_traced(target), torch.ones_like(lowest)], dim=1)
    return _focal(middles, wanted, learned) + CORNER_WEIGHT * _to_corners(corners, peaks, target)


def _focal(logits: Tensor, wanted: Tensor, learned: Tensor) -> Tensor:
    """Focal loss on peaks (Law 2018, CornerNet, eq. 1)."""
    chance = torch.sigmoid(logits)
    at_peak = (wanted > 0.999).float()
    hit = at_peak * (1 - chance) ** 2 * functional.softplus(-logits)
    miss = (1 - at_peak) * (1 - wanted) ** 4 * chance**2 * functional.softplus(logits)
    loss: Tensor = ((hit + miss) * learned).sum() / at_peak.sum().clamp(min=1.0)
    return loss


def _to_corners(corners: Tensor, peaks: Tensor, target: Target) -> Tensor:
    own = peaks.argmax(dim=1)  # (N, c, c)
    weights = (peaks.amax(dim=1) > NEAR).float()
    count, cells = len(corners), corners.shape[-1]
    flat = torch.nan_to_num(target.corners_mm).flatten(2)  # (N, discs, 8)
    index = own.reshape(count, -1, 1).expand(-1, -1, flat.shape[-1])
    at = flat.gather(1, index).reshape(count, cells, cells, -1).permute(0, 3, 1, 2)
    places = cell_places().repeat(flat.shape[-1] // 2, 1, 1)  # (8, c, c)
    wanted = (at - places) / 10
    apart = functional.smooth_l1_loss(corners, wanted, beta=0.1, reduction="none").mean(dim=1)
    loss: Tensor = (apart * weights).sum() / weights.sum().clamp(min=1.0)
    return loss


def _peaks(target: Target) -> Tensor:
    # A peak is 1 in the cell that holds the middle: where in it, the corners say.
    middles = (torch.floor(target.middles_mm / CELL_MM) + 0.5) * CELL_MM
    away = middles[:, :, :, None, None] - cell_places()
    peaks = torch.exp(-away.square().sum(dim=2) / (2 * SIGMA_MM**2))
    return torch.nan_to_num(peaks)


def _traced(target: Target) -> Tensor:
    """(N, c, c): 0 where discs may lie that nobody traced."""
    there = torch.isfinite(target.middles_mm[..., 0])
    last = there.sum(dim=1) - 1
    rows = torch.arange(len(last))
    top, below = target.middles_mm[rows, last], target.middles_mm[rows, (last - 1).clamp(min=0)]
    step = top - below
    single = (step.norm(dim=1) < 1.0)[:, None]
    step = torch.where(single, torch.tensor([0.0, -USUAL_DISTANCE_MM]), step)
    length = step.norm(dim=1, keepdim=True)
    up = (step / length)[:, :, None, None]
    above = ((cell_places() - top[:, :, None, None]) * up).sum(dim=1)
    traced: Tensor = above < UNTRACED_SHARE * length[:, :, None]
    return traced.float()


def cell_places() -> Tensor:
    """(2: x, y, c, c) of the middles of the cells, in mm from the middle of the square."""
    axis = (torch.arange(CELLS) + 0.5 - CELLS / 2) * CELL_MM
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    return torch.stack([x, y])
