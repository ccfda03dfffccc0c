"""Points in the patient to MR signal: structures painted over each other, back to front.

Every painter mixes one tissue in by its share of the point (0..1), so that edges carry
partial volume. Nothing here knows a grade.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Array = NDArray[np.floating[Any]]

TEXTURE_CELLS = 128
"""Edge of the volume that textures are taken from; a power of two."""


@dataclass(frozen=True)
class Points:
    """Where to paint; all arrays share one shape.

    ``x, y, z`` are patient coordinates, ``u, v, zeta`` the spine's, all in mm;
    ``blur_mm`` is the width over which an edge goes from outside to inside, and
    ``through_mm`` how far apart the layers of a slice lie that are averaged.
    """

    x: Array
    y: Array
    z: Array
    u: Array
    v: Array
    zeta: Array
    blur_mm: float
    through_mm: float = 0.0

    def where(self, mask: NDArray[np.bool_]) -> Points:
        """Return the points that a mask selects."""
        x, y, z, u, v, zeta = (
            values[mask] for values in (self.x, self.y, self.z, self.u, self.v, self.zeta)
        )
        return Points(x, y, z, u, v, zeta, self.blur_mm, self.through_mm)

    def towards(self, other: Points, share: float) -> Points:
        """Return the points ``share`` of the way (0..1) to those of ``other``."""
        part = np.float32(share)
        x, y, z, u, v, zeta = (
            first + part * (second - first)
            for first, second in (
                (self.x, other.x),
                (self.y, other.y),
                (self.z, other.z),
                (self.u, other.u),
                (self.v, other.v),
                (self.zeta, other.zeta),
            )
        )
        return Points(x, y, z, u, v, zeta, self.blur_mm, self.through_mm)

    def stretched(self, across: float, back: float, up: float) -> Points:
        """Return points with the patient's coordinates scaled, for patterns with a direction."""
        x, y, z = (
            values * np.float32(scale)
            for values, scale in ((self.x, across), (self.y, back), (self.z, up))
        )
        return replace(self, x=x, y=y, z=z)


def inside(distance_mm: Array, blur_mm: float) -> Array:
    """Share of a point that lies inside, from its signed distance (negative inside)."""
    return np.asarray(np.clip(0.5 - distance_mm / np.float32(blur_mm), 0, 1), np.float32)


def over(canvas: Array, share: Array, value: float | Array) -> None:
    """Mix ``value`` into ``canvas`` (in place) by its share."""
    canvas += share * (value - canvas)


def ellipse(u: Array, v: Array, center: tuple[float, float], semi: tuple[float, float]) -> Array:
    """Approximate signed distance (mm) to an ellipse."""
    f = np.sqrt(((u - center[0]) / semi[0]) ** 2 + ((v - center[1]) / semi[1]) ** 2)
    return np.asarray((f - 1) * min(semi), dtype=np.float32)


def capsule(u: Array, v: Array, start: tuple[float, float], end: tuple[float, float]) -> Array:
    """Distance (mm) to a segment in the (u, v) plane."""
    du, dv = end[0] - start[0], end[1] - start[1]
    along = ((u - start[0]) * du + (v - start[1]) * dv) / (du * du + dv * dv)
    along = np.clip(along, 0, 1)
    return np.asarray(
        np.hypot(u - start[0] - along * du, v - start[1] - along * dv), dtype=np.float32
    )


def texture(points: Points, phase: tuple[float, float, float], scale_mm: float) -> Array:
    """Smooth random pattern in -1..1 (spread 0.4), fixed in the patient: mottle, streaks, bowel.

    ``scale_mm`` is about the distance from one bright spot to the next; the pattern
    comes again after eight times that distance.
    """
    step = np.float32(TEXTURE_CELLS / 8 / scale_mm)
    index = [
        ((values + np.float32(shift * scale_mm)) * step).astype(np.int32) & (TEXTURE_CELLS - 1)
        for values, shift in zip((points.x, points.y, points.z), phase, strict=True)
    ]
    flat = (index[2] * TEXTURE_CELLS + index[1]) * TEXTURE_CELLS + index[0]
    return np.asarray(_texture_volume().take(flat), np.float32)


@cache
def _texture_volume() -> Array:
    """Smooth noise on a periodic grid (flat), the same for everybody: phases make the patients."""
    noise = np.random.default_rng(2026).standard_normal((TEXTURE_CELLS,) * 3, dtype=np.float32)
    smooth = gaussian_filter(noise, TEXTURE_CELLS / 8 / 4.5, mode="wrap")
    volume: Array = np.clip(smooth / smooth.std() * np.float32(0.4), -1, 1).astype(np.float32)
    return volume.reshape(-1)


def bone(canvas: Array, distance_mm: Array, blur_mm: float, marrow: float | Array) -> None:
    """Paint bone: a dark cortex of about 1 mm around marrow."""
    over(canvas, inside(distance_mm, blur_mm), 0.02)
    over(canvas, inside(distance_mm + 1.0, blur_mm), marrow)
