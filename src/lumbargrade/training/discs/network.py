"""The disc finder: a small network that marks the discs of one sagittal slice.

It reads ``inference.sagittal.square`` (192 x 192 pixels of 1.5 mm) and answers in cells of 6 mm:
how much a cell is the middle of a disc, and of the disc on the sacrum; and where the four corners
of the disc are from there.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional

from lumbargrade.spine.tracing import CORNERS
from lumbargrade.training.outlines.network import standardise

FIRST = 16
"""Channels at 96 x 96, where the time goes."""
WIDTHS = (32, 64, 96, 128)
"""Channels from 48 x 48 down to 6 x 6, where the whole lumbar spine is in view."""
RARE = -4.6
"""Logit of the share of cells that are the middle of a disc (Lin 2017, focal loss)."""


class DiscFinder(nn.Module):
    """An encoder down to 6 x 6, a decoder with skips, and two heads."""

    def __init__(self) -> None:
        super().__init__()
        self.first = _convolution(1, FIRST, 2)
        inputs = (FIRST, *WIDTHS[:-1])
        self.down = nn.ModuleList(
            nn.Sequential(_convolution(i, o, 2), _convolution(o, o, 1))
            for i, o in zip(inputs, WIDTHS, strict=True)
        )
        self.up = nn.ModuleList(
            nn.Sequential(_convolution(below + own, own, 1), _convolution(own, own, 1))
            for own, below in reversed([*itertools.pairwise(WIDTHS)])
        )
        self.middles = nn.Conv2d(WIDTHS[0], 2, 1)
        self.corners = nn.Conv2d(WIDTHS[0], 2 * len(CORNERS), 1)
        nn.init.constant_(self.middles.bias, RARE)  # type: ignore[arg-type]

    def forward(self, square: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 1, 192, 192) -> logits of the middle of a disc and of the one on the sacrum
        (N, 2, 48, 48), and from each cell to the corners (N, 8: x, y of each, 48, 48) in cm.
        """
        x = self.first(standardise(square))
        seen: list[Tensor] = []
        for down in self.down:
            x = down(x)
            seen.append(x)
        for up, beside in zip(self.up, reversed(seen[:-1]), strict=True):
            x = functional.interpolate(x, scale_factor=2.0, mode="nearest")
            x = up(torch.cat([x, beside], dim=1))
        return self.middles(x), self.corners(x)


def _convolution(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
