"""Random changes of a disc's square: place, turn, size, tone, sharpness and noise.

Never mirrored: the front of a disc is not its back. Brightness changes little, for it is what is
graded.
"""

from __future__ import annotations

import torch
from torch import Tensor

from lumbargrade.inference.discs.square import DISC_SQUARE
from lumbargrade.training.augment import Random, centre_crop, matrices, resample

ROTATION_DEG, SCALE, ASPECT, SHIFT = 5.0, 0.06, 0.04, 0.04
"""Standard deviations; the shift in parts of the square's edge."""
GAIN, GAMMA, NOISE = 0.10, 0.10, 0.06
"""Standard deviations of the logarithms of gain and gamma; the largest noise."""
DARKEST = 1e-3


def changed_squares(squares: Tensor, random: Random) -> Tensor:
    """Return (N, 1, p, p) changed at random, of (N, 1, m, m) with their margin."""
    count, pixels = len(squares), DISC_SQUARE.pixels
    angle = torch.deg2rad(ROTATION_DEG * random.noise(count))
    scale, aspect = (torch.exp(reach * random.noise(count)) for reach in (SCALE, ASPECT))
    turn = matrices((angle.cos(), -angle.sin()), (angle.sin(), angle.cos()))
    none = torch.zeros(count)
    stretch = matrices((scale * aspect, none), (none, scale / aspect))
    shift = SHIFT * pixels * random.noise(count, 2, 1)
    seen = resample(squares, torch.cat([turn @ stretch, shift], dim=2), pixels, float(pixels))
    gain, gamma = (torch.exp(reach * random.noise(count, 1, 1, 1)) for reach in (GAIN, GAMMA))
    toned = gain * seen.clamp(min=DARKEST) ** gamma
    noise = random.uniform(count, 0.0, NOISE).reshape(-1, 1, 1, 1)
    return toned + noise * random.noise(*toned.shape)


def plain_squares(squares: Tensor) -> Tensor:
    """Return the middles (N, 1, p, p) of squares with their margin."""
    return centre_crop(squares, DISC_SQUARE.pixels, DISC_SQUARE.pixels)
