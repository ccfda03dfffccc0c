"""Heavy random changes of overviews: the locator must find the canal on slices of scanners,
coils and bodies that no training picture shows.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from lumbargrade.training.augment import Random, affine, change_brightness, resample
from lumbargrade.training.recipe import AugmentSettings, LocatorSettings

_BRIGHTNESS = AugmentSettings(gamma=0.6, contrast=0.3, gradient=0.9, tone=0.3, noise=0.12, blur=0.6)

_BEND_MM = 2.0
"""Standard deviation of the bend at its 6 x 6 knots, over the whole slice."""

_EDGE_MM = 8.0
"""A target nearer than this to the picture's edge is not learned from."""


def augment_overviews(
    pictures: Tensor, targets: Tensor, settings: LocatorSettings, random: Random, spacing_mm: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Move, turn and disturb overviews, and move their targets alike.

    Takes and returns pictures (N, 1, h, h), 0 outside the slice, and targets (N, 2), the
    position (u, v) of the canal; and whether each target is still inside (N,).
    """
    count, edge = len(pictures), pictures.shape[-1]
    reach = settings.shift_mm / spacing_mm
    maps = affine(
        random.symmetric(count, settings.rotation_deg),
        random.symmetric(count, settings.scale).exp(),
        torch.stack([random.symmetric(count, reach), random.symmetric(count, reach)], 1),
        random.chance(count, 0.5),
    ).to(pictures.device)
    changed = resample(pictures, maps, edge, float(edge), padding="zeros")
    moved = move_points(targets, maps, edge)
    changed, moved = _bend(changed, moved, random, spacing_mm)
    inside = ((moved >= _EDGE_MM / spacing_mm) & (moved <= edge - 1 - _EDGE_MM / spacing_mm)).all(1)
    changed = _patchy(changed, random)
    changed = _anterior_band(changed, moved, random, spacing_mm)
    changed = _posterior_fat(changed, moved, random, spacing_mm)
    changed = change_brightness(changed, _BRIGHTNESS, random)
    return _narrow_field(changed, moved, random, spacing_mm), moved, inside


def move_points(points: Tensor, maps: Tensor, edge: int) -> Tensor:
    """Return where input positions (N, 2) lie after :func:`resample` with ``maps``."""
    middle = (edge - 1) / 2
    turn, offset = maps[:, :, :2], maps[:, :, 2:]
    away = (points - middle).unsqueeze(2) - offset
    moved: Tensor = torch.linalg.solve(turn, away).squeeze(2) + middle
    return moved


def _bend(
    pictures: Tensor, targets: Tensor, random: Random, spacing_mm: float
) -> tuple[Tensor, Tensor]:
    """Bend by a smooth field of a few mm: real bones are not the phantom's."""
    count, edge = len(pictures), pictures.shape[-1]
    coarse = (_BEND_MM / spacing_mm * random.noise(count, 2, 6, 6)).to(pictures.device)
    field = functional.interpolate(coarse, size=(edge, edge), mode="bicubic", align_corners=True)
    scale = 2.0 / (edge - 1)
    axis = torch.linspace(-1, 1, edge, device=pictures.device)
    straight = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1)
    grid = straight + scale * field.permute(0, 2, 3, 1)
    bent = functional.grid_sample(pictures, grid, mode="bilinear", align_corners=True)
    at = (targets * scale - 1)[:, None, None, :]
    there = functional.grid_sample(field, at, mode="bilinear", align_corners=True)
    return bent, targets - there[:, :, 0, 0]


def _patchy(pictures: Tensor, random: Random) -> Tensor:
    """Multiply by smooth random fields (coils, dielectric shading, other tissue)."""
    count, edge = len(pictures), pictures.shape[-1]
    for cells, strength in ((4, 0.35), (14, 0.25)):
        coarse = (strength * random.noise(count, 1, cells, cells)).exp().to(pictures.device)
        pictures = pictures * functional.interpolate(
            coarse, size=(edge, edge), mode="bicubic", align_corners=True
        )
    return pictures


def _rows(pictures: Tensor) -> Tensor:
    return torch.arange(pictures.shape[-1], device=pictures.device).reshape(1, 1, -1, 1)


def _column(values: Tensor, like: Tensor) -> Tensor:
    return values.to(like.device).reshape(-1, 1, 1, 1)


def _anterior_band(pictures: Tensor, targets: Tensor, random: Random, spacing_mm: float) -> Tensor:
    """Darken what lies before the spine, as a saturation band does, in half of the pictures."""
    count = len(pictures)
    start = targets[:, 1] - random.uniform(count, 25.0, 90.0).to(targets.device) / spacing_mm
    softness = _column(random.uniform(count, 0.5, 5.0), pictures)
    floor = _column(random.uniform(count, 0.0, 0.6), pictures)
    floor = torch.where(_column(random.chance(count, 0.5), pictures), floor, 1.0)
    kept = torch.sigmoid((_rows(pictures) - _column(start, pictures)) / softness)
    return pictures * (floor + (1.0 - floor) * kept)


def _posterior_fat(pictures: Tensor, targets: Tensor, random: Random, spacing_mm: float) -> Tensor:
    """Brighten what lies near the surface coil, in half of the pictures."""
    count = len(pictures)
    start = targets[:, 1] + random.uniform(count, 25.0, 80.0).to(targets.device) / spacing_mm
    softness = _column(random.uniform(count, 2.0, 8.0), pictures)
    gain = _column(random.uniform(count, 0.0, 1.5) * random.chance(count, 0.5), pictures)
    return pictures * (
        1.0 + gain * torch.sigmoid((_rows(pictures) - _column(start, pictures)) / softness)
    )


def _narrow_field(pictures: Tensor, targets: Tensor, random: Random, spacing_mm: float) -> Tensor:
    """Blank what a smaller field of view would not show, in two thirds of the pictures.

    The edge lies 30 to 150 mm from the canal, more often near: slices that are shifted
    in their field lose the back or a flank, and the canal must be found all the same.
    """
    count, edge = len(pictures), pictures.shape[-1]
    axis = torch.arange(edge, device=pictures.device).reshape(1, -1)
    narrow = random.chance(count, 0.67).to(pictures.device)
    shown: list[Tensor] = []
    for along in range(2):  # columns, then rows
        reach = [
            (30.0 + 120.0 * random.uniform(count, 0.0, 1.0) ** 1.6).to(pictures.device) / spacing_mm
            for _ in "ab"
        ]
        middle = targets[:, along]
        inside = (axis >= (middle - reach[0])[:, None]) & (axis <= (middle + reach[1])[:, None])
        shown.append(inside | ~narrow[:, None])
    return pictures * (shown[1][:, None, :, None] & shown[0][:, None, None, :])
