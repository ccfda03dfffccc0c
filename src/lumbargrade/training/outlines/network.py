"""The outline network: a small U-Net that draws the anatomy of one axial slice.

It reads the square of ``study.patch`` around the canal and gives one map per layer of
``morphometry.layers`` in the same pixels, and what the slice cuts.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional

from lumbargrade.grading.finding import Plane
from lumbargrade.morphometry.layers import LAYERS

WIDTHS = (16, 32, 64, 128, 192)
"""Channels from 128 x 128 down to 8 x 8: little at full size, where the time goes."""

DROPOUT = 0.3
"""Of the features that say what the slice cuts: few slices teach it."""


class OutlineNetwork(nn.Module):
    """An encoder down to 8 x 8, a decoder with skips, and a head for the plane."""

    def __init__(self) -> None:
        super().__init__()
        inputs = (1, *WIDTHS[:-1])
        self.down = nn.ModuleList(_block(i, o) for i, o in zip(inputs, WIDTHS, strict=True))
        self.up = nn.ModuleList(
            _block(below + own, own) for own, below in reversed([*itertools.pairwise(WIDTHS)])
        )
        self.layers = nn.Conv2d(WIDTHS[0], len(LAYERS), 1)
        self.plane = nn.Linear(WIDTHS[-1] + WIDTHS[2] + WIDTHS[1], len(Plane))

    def forward(self, patch: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 1, 128, 128) -> logits of the layers (N, layers, 128, 128), of the plane (N, 3)."""
        x = standardise(patch)
        seen: list[Tensor] = []
        for depth, down in enumerate(self.down):
            x = down(functional.max_pool2d(x, 2) if depth else x)
            seen.append(x)
        drawn: list[Tensor] = []
        for up, beside in zip(self.up, reversed(seen[:-1]), strict=True):
            x = functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
            x = up(torch.cat([x, beside], dim=1))
            drawn.append(x)
        layers = self.layers(x)
        # What the disc's outline encloses tells disc from bone; the rest says how near it is.
        disc = torch.sigmoid(layers[:, LAYERS.index("disc")].detach()).unsqueeze(1)
        inside = [_mean_inside(each, disc) for each in drawn[1:3]]  # (N, 64), (N, 32)
        features = torch.cat([seen[-1].mean(dim=(2, 3)), *inside], dim=1)
        return layers, self.plane(functional.dropout(features, DROPOUT, self.training))


def _mean_inside(features: Tensor, mask: Tensor) -> Tensor:
    """Return the mean (N, c) of features (N, c, h, h) where a finer mask (N, 1, n, n) is 1."""
    cell = mask.shape[-1] // features.shape[-1]
    weights = functional.avg_pool2d(mask, cell)
    return (features * weights).sum(dim=(2, 3)) / (weights.sum(dim=(2, 3)) + 1.0)


def standardise(patch: Tensor) -> Tensor:
    """Give each picture (N, 1, h, w) mean 0 and standard deviation 1, whatever its contrast."""
    middle = patch.mean(dim=(2, 3), keepdim=True)
    away = patch - middle
    return away / ((away * away).mean(dim=(2, 3), keepdim=True).sqrt() + 1e-4)


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(*_convolution(inputs, outputs), *_convolution(outputs, outputs))


def _convolution(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
