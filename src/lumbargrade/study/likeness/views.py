"""Views of a texture: what a copy shows of it that was cut, moved or mirrored.

A copy that was cut to a share of the picture shows its middle, enlarged. So the middle of one
texture is held against views of the other: of smaller parts, moved by up to 8 of 320 pixels.
All are sampled on points in blocks, (0, 0) at the centre of the first one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.study.likeness.texture import GRID

FLIPS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
"""Steps along (rows, columns) that turn a picture over: none, left-right, up-down, by 180
degrees."""

MIDDLE = 0.9
"""Share of the frame that is compared, so that what a shift brings in stays outside."""

Frames = NDArray[np.float32]


def views(frames: Frames, points: int, scale: float, shifts: Sequence[float] = (0.0,)) -> Frames:
    """Return (n, shifts squared, points squared): the middle of each frame, at unit length.

    Parameters
    ----------
    frames : (n, 40, 40).
    points : rows and columns of the sampling.
    scale : share of the picture that the frame of a copy shows.
    shifts : in blocks, in both directions each.
    """
    maps = [_sampling(points, scale, shift) for shift in shifts]
    across = np.stack(maps)
    rows = np.einsum("sig,ngh->nsih", across, frames, optimize=True)
    sampled = np.einsum("nsih,tjh->nstij", rows, across, optimize=True)
    return unit(sampled.reshape(len(frames), len(shifts) ** 2, points * points))


def unit(vectors: Frames) -> Frames:
    """Return vectors (..., d) less their mean, at length 1; a constant one stays near 0."""
    centred = vectors - vectors.mean(-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    return np.asarray(centred / np.maximum(length, 1e-6), dtype=np.float32)


def _sampling(points: int, scale: float, shift: float) -> Frames:
    """Return (points, 40): weights of the blocks at each point, linear between centres."""
    step = GRID * MIDDLE * scale / points
    where = (GRID - 1) / 2 + shift + step * (np.arange(points) - (points - 1) / 2)
    where = np.clip(where, 0, GRID - 1)
    weights = 1 - np.abs(where[:, None] - np.arange(GRID)[None, :])
    return np.asarray(np.clip(weights, 0, None), dtype=np.float32)
