"""What the outline network is trained to make small: cross entropy and Dice by layer."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from lumbargrade.morphometry.layers import LAYERS

CROSS_ENTROPY, PLANE = 4.0, 0.15
"""Weights beside Dice: of the cross entropy a pixel, and of what the slice cuts."""

NOT_SAID = -1
"""Stands for what a slice cuts where the tracer did not say it."""

PLANE_WEIGHTS = (1.0, 2.0, 4.0)
"""Disc, end-plate, body: about inverse to how often each was traced."""

_RARE_PIXELS = 9.0
"""Further weight of the pixels of thin structures, which fill a hundredth of the picture."""

_WEIGHTS = {"sac": 1.5, "facet": 0.7, "joint": 0.4, "joint_end": 0.5, "root": 0.3, "exit": 0.3}
_WEIGHTS |= {"roots_in_sac": 0.4, "clusters": 0.4}
_AREAS = ("disc", "sac", "canal", "facet_right", "facet_left", "clusters")


@dataclass(frozen=True)
class Target:
    """What the network should say of a batch.

    Attributes
    ----------
    masks : (N, layers, h, h), 0 to 1.
    known : (N, layers) float, 0 where a layer was not drawn.
    planes : (N,) index of :class:`~lumbargrade.grading.finding.Plane`, or ``NOT_SAID``.
    inside : (N, 1, h, h) float, 0 outside of what was packed.
    """

    masks: Tensor
    known: Tensor
    planes: Tensor
    inside: Tensor


def outline_loss(layers: Tensor, plane: Tensor, target: Target) -> Tensor:
    """Return the loss of logits (N, layers, h, h) and (N, 3)."""
    thin = torch.tensor([float(name not in _AREAS) for name in LAYERS]).reshape(1, -1, 1, 1)
    each = functional.binary_cross_entropy_with_logits(layers, target.masks, reduction="none")
    each = each * (1.0 + _RARE_PIXELS * thin * target.masks) * target.inside
    drawn, wanted = torch.sigmoid(layers) * target.inside, target.masks * target.inside
    overlap = 2 * (drawn * wanted).sum((2, 3)) + 1
    dice = overlap / ((drawn * drawn).sum((2, 3)) + (wanted * wanted).sum((2, 3)) + 1)
    weights = target.known * layer_weights()
    shape = (
        (CROSS_ENTROPY * each.mean((2, 3)) + 1 - dice) * weights
    ).sum() / target.known.sum().clamp(min=1.0)
    return shape + PLANE * _plane_loss(plane, target.planes)


def _plane_loss(plane: Tensor, planes: Tensor) -> Tensor:
    said = planes != NOT_SAID
    if not said.any():
        return plane.sum() * 0.0
    weights = torch.tensor(PLANE_WEIGHTS)
    return functional.cross_entropy(plane[said], planes[said], weight=weights)


def layer_weights() -> Tensor:
    """Return how much each layer counts, (layers,)."""
    names = [name.removesuffix("_right").removesuffix("_left") for name in LAYERS]
    return torch.tensor([_WEIGHTS.get(name, 1.0) for name in names])
