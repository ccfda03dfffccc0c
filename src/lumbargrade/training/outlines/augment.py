"""Random changes of traced slices: shape, tone up to inversion, coil, sharpness, noise.

The network must draw contrasts and scanners that no tracing shows, so the tone of a picture
is remade at random (SynthSeg, Billot 2023, does so from label maps; here the picture keeps
its texture).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from lumbargrade.training.augment import Random, full_range, random_tone

ROTATION_DEG, SCALE, ASPECT, SHEAR, SHIFT_MM = 9.0, 0.11, 0.06, 0.05, 5.0
"""Standard deviations of the affine part."""

BENDS_MM = ((4, 3.0), (9, 1.2))
"""Knots along an edge and standard deviation of the elastic part."""

KEPT_TONE = 0.35
"""Share of the pictures whose tone stays."""

COIL, BLUR_PX, NOISE = 0.25, 1.1, 0.09
"""Log gain at 3 x 3 knots (deviation), largest blur (deviation), largest noise."""


def random_places(
    count: int, pixels: int, spacing_mm: float, random: Random
) -> tuple[Tensor, Tensor]:
    """Return where the pixels of changed pictures come from, and which are mirrored (N,).

    (N, pixels, pixels, 2) in mm (x, y) from the middle of the packed picture.
    """
    places = straight_places(pixels, spacing_mm).expand(count, -1, -1, -1)
    angle = torch.deg2rad(ROTATION_DEG * random.noise(count))
    scale, aspect = (torch.exp(reach * random.noise(count)) for reach in (SCALE, ASPECT))
    mirrored = random.chance(count, 0.5)
    flip = 1.0 - 2.0 * mirrored.float()
    shear = SHEAR * random.noise(count)
    turn = _rows((angle.cos(), -angle.sin()), (angle.sin(), angle.cos()))
    stretch = _rows((flip * scale * aspect, shear), (torch.zeros(count), scale / aspect))
    shift = SHIFT_MM * random.noise(count, 1, 1, 2)
    places = torch.einsum("nij,nhwj->nhwi", turn @ stretch, places) + shift
    for knots, reach in BENDS_MM:
        strength = reach * random.uniform(count, 0.0, 1.0).reshape(-1, 1, 1, 1)
        places = places + _smooth(strength * random.noise(count, 2, knots, knots), pixels)
    return places, mirrored


def straight_places(pixels: int, spacing_mm: float) -> Tensor:
    """Return the centres of the pixels of an unchanged picture, (1, pixels, pixels, 2) mm."""
    axis = (torch.arange(pixels) + 0.5 - pixels / 2) * spacing_mm
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    return torch.stack([x, y], dim=-1)[None]


def change_picture(pictures: Tensor, random: Random) -> Tensor:
    """Change tone, coil gain, sharpness and noise of (N, 1, h, h); about 0..1 in and out."""
    count = len(pictures)
    kept = random.chance(count, KEPT_TONE).reshape(-1, 1, 1, 1)
    even = full_range(pictures)
    changed = torch.where(kept, even, random_tone(even, random))
    gain = _smooth(COIL * random.noise(count, 1, 3, 3), pictures.shape[-1])
    changed = changed * gain.permute(0, 3, 1, 2).exp()
    changed = _blurred(changed, random.uniform(count, 0.0, BLUR_PX))
    return changed + random.uniform(count, 0.0, NOISE).reshape(-1, 1, 1, 1) * _noise(
        changed, random
    )


def _rows(first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> Tensor:
    return torch.stack([torch.stack(first, -1), torch.stack(second, -1)], -2)


def _smooth(knots: Tensor, pixels: int) -> Tensor:
    """Spread (N, c, k, k) values smoothly over (N, pixels, pixels, c)."""
    spread = functional.interpolate(
        knots, size=(pixels, pixels), mode="bicubic", align_corners=True
    )
    return spread.permute(0, 2, 3, 1)


def _blurred(pictures: Tensor, deviation_px: Tensor) -> Tensor:
    """Blur each of (N, 1, h, h) by a Gaussian of its own width."""
    count = len(pictures)
    away = torch.arange(-3, 4.0)
    kernel = torch.exp(-(away**2) / (2 * deviation_px.clamp(min=0.05)[:, None] ** 2))
    kernel = (kernel / kernel.sum(1, keepdim=True)).reshape(count, 1, 1, 7)
    side = pictures.transpose(0, 1)  # one group a picture
    side = functional.conv2d(side, kernel, padding=(0, 3), groups=count)
    side = functional.conv2d(side, kernel.transpose(2, 3), padding=(3, 0), groups=count)
    return side.transpose(0, 1)


def _noise(pictures: Tensor, random: Random) -> Tensor:
    """White noise in half of the pictures, noise of neighbouring pixels alike in the others."""
    white = random.noise(*pictures.shape)
    grained = 2.0 * functional.avg_pool2d(white, 3, 1, 1)
    alike = random.chance(len(pictures), 0.5).reshape(-1, 1, 1, 1)
    return torch.where(alike, grained, white)
