"""Random changes of sagittal slices: place, size, tilt, tone, and fields that show less."""

from __future__ import annotations

import torch
from torch import Tensor

from lumbargrade.training.augment import Random, matrices

ROTATION_DEG, SCALE, ASPECT, SHEAR = 9.0, 0.16, 0.05, 0.06
"""Standard deviations. The spacing of some of the pictures is not known, so sizes vary much."""
SHIFT_MM = (18.0, 22.0)
"""Backward and downward, standard deviation."""
FAR_SHARE, FAR_MM = 0.25, 70.0
"""Share of the pictures that are moved up or down farther: the sacrum, or the upper discs, leave
the field."""
SHORT_SHARE, SHORTEST_MM = 0.4, 45.0
"""Share of the pictures that lose their edges, and how near to the middle an edge comes."""


def random_maps(count: int, random: Random) -> tuple[Tensor, Tensor]:
    """Return (N, 2, 2) and (N, 2): a place of the changed picture, in mm from its middle, comes
    from matrix @ place + shift of the packed one.
    """
    angle = torch.deg2rad(ROTATION_DEG * random.noise(count))
    scale, aspect = (torch.exp(reach * random.noise(count)) for reach in (SCALE, ASPECT))
    turn = matrices((angle.cos(), -angle.sin()), (angle.sin(), angle.cos()))
    shear = SHEAR * random.noise(count)
    stretch = matrices((scale * aspect, shear), (torch.zeros(count), scale / aspect))
    shift = torch.tensor(SHIFT_MM) * random.noise(count, 2)
    far = FAR_MM * random.chance(count, FAR_SHARE).float() * random.symmetric(count, 1.0)
    shift[:, 1] += far
    return turn @ stretch, shift


def shorten(pictures: Tensor, spacing_mm: float, random: Random) -> Tensor:
    """Blank what a smaller field of view would not show of (N, 1, h, w), in some pictures."""
    count, edge = len(pictures), pictures.shape[-1]
    axis = (torch.arange(edge) + 0.5 - edge / 2) * spacing_mm
    short = random.chance(count, SHORT_SHARE)
    half = edge * spacing_mm / 2
    kept = torch.ones(count, 1, edge, edge, dtype=torch.bool)
    for along in (2, 3):
        low, high = (random.uniform(count, SHORTEST_MM, 1.6 * half) for _ in "ab")
        inside = (axis >= -low[:, None]) & (axis <= high[:, None]) | ~short[:, None]
        kept = kept & inside.reshape(count, 1, *((-1, 1) if along == 2 else (1, -1)))
    return torch.where(kept, pictures, pictures.amin(dim=(2, 3), keepdim=True))
