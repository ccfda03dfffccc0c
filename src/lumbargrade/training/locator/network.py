"""The region locator: a small network that finds the spinal canal on a whole axial slice.

It reads ``study.patch.overview`` (128 x 128 pixels of 2 mm) and gives a map of 64 x 64
cells of 4 mm. Cell (i, j) is centred on overview pixel (2 i + 0.5, 2 j + 0.5).
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (16, 32, 64, 96, 128)
"""Channels from 64 x 64 down to 4 x 4."""

CELL_PX = 2
"""Overview pixels per cell of the map."""


class Locator(nn.Module):
    """An encoder down to 4 x 4 and a decoder back to 64 x 64 that adds its features."""

    def __init__(self) -> None:
        super().__init__()
        inputs = (1, *WIDTHS[:-1])
        self.down = nn.ModuleList(
            nn.Sequential(_convolution(i, o, 2), _convolution(o, o, 1))
            for i, o in zip(inputs, WIDTHS, strict=True)
        )
        self.narrow = nn.ModuleList(nn.Conv2d(o, i, 1) for i, o in itertools.pairwise(WIDTHS))
        self.up = nn.ModuleList(_convolution(width, width, 1) for width in WIDTHS[:-1])
        self.last = nn.Conv2d(WIDTHS[0], 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 1, 128, 128) -> logits (N, 1, 64, 64); softmax over the plane gives the map."""
        levels: list[Tensor] = []
        for down in self.down:
            x = down(x)  # (N, 16, 64, 64), (N, 32, 32, 32), ... (N, 128, 4, 4)
            levels.append(x)
        steps = list(zip(self.narrow, self.up, levels[:-1], strict=True))
        for narrow, up, beside in reversed(steps):
            x = functional.interpolate(narrow(x), scale_factor=2.0, mode="nearest")
            x = up(x + beside)  # (N, 96, 8, 8), ... (N, 16, 64, 64)
        heatmap: Tensor = self.last(x)
        return heatmap


def target_maps(targets: Tensor, cells: int, sigma_cells: float = 1.2) -> Tensor:
    """Return (N, cells, cells) maps summing to 1 around overview positions (N, 2: u, v)."""
    axis = torch.arange(cells, device=targets.device, dtype=torch.float32)
    middle = (targets - (CELL_PX - 1) / 2) / CELL_PX
    du = axis[None, :] - middle[:, :1]  # (N, cells)
    dv = axis[None, :] - middle[:, 1:]
    squared = dv[:, :, None] ** 2 + du[:, None, :] ** 2
    return functional.softmax((-squared / (2 * sigma_cells**2)).flatten(1), 1).reshape(
        -1, cells, cells
    )


def locate(heatmaps: Tensor, reach_cells: int = 3) -> Tensor:
    """Return overview positions (N, 2: u, v): the mean of the map around its highest cell."""
    count, _, cells, _ = heatmaps.shape
    chance = heatmaps.float().flatten(1).softmax(1)
    best = chance.argmax(1)
    row, column = (best // cells)[:, None], (best % cells)[:, None]
    axis = torch.arange(cells, device=heatmaps.device)[None, :]
    rows = ((axis - row).abs() <= reach_cells).float()
    columns = ((axis - column).abs() <= reach_cells).float()
    near = chance.reshape(count, cells, cells) * rows[:, :, None] * columns[:, None, :]
    near = near / near.sum(dim=(1, 2), keepdim=True)
    u = (near.sum(1) * axis).sum(1)
    v = (near.sum(2) * axis).sum(1)
    return torch.stack([u, v], 1) * CELL_PX + (CELL_PX - 1) / 2


def locator_loss(heatmaps: Tensor, targets: Tensor, inside: Tensor) -> Tensor:
    """Return the mean cross entropy of the maps whose target lies ``inside`` the picture."""
    wanted = target_maps(targets, heatmaps.shape[-1]).flatten(1)
    each = -(wanted * heatmaps.float().flatten(1).log_softmax(1)).sum(1)
    return (each * inside.float()).sum() / inside.float().sum().clamp(min=1.0)


def _convolution(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
