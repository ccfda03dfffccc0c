"""Points in the patient to MR signal: structures painted over each other, back to front.

Every painter mixes one tissue in by its share of the point (0..1), so that edges carry
partial volume. Nothing here knows a grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Points:
    """Where to paint; all arrays share one shape.

    ``x, y, z`` are patient coordinates, ``u, v, zeta`` the spine's, all in mm;
    ``blur_mm`` is the width over which an edge goes from outside to inside.
    """

    x: Array
    y: Array
    z: Array
    u: Array
    v: Array
    zeta: Array
    blur_mm: float

    def where(self, mask: NDArray[np.bool_]) -> Points:
        """Return the points that a mask selects."""
        x, y, z, u, v, zeta = (
            values[mask] for values in (self.x, self.y, self.z, self.u, self.v, self.zeta)
        )
        return Points(x, y, z, u, v, zeta, self.blur_mm)


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
    """Smooth pattern in -1..1, fixed in the patient: fat streaks, bowel, marrow."""
    k = np.float32(2 * np.pi / scale_mm)
    a = np.sin(k * (points.x + 0.6 * points.z) + phase[0])
    b = np.sin(k * (0.8 * points.y - 0.5 * points.x) * 1.3 + phase[1])
    c = np.sin(k * (0.7 * points.z + 0.5 * points.y) * 0.9 + 2 * a + phase[2])
    return np.asarray((a * b + c) / 2, dtype=np.float32)


def bone(canvas: Array, distance_mm: Array, blur_mm: float, marrow: float | Array) -> None:
    """Paint bone: a dark cortex of about 1 mm around marrow."""
    over(canvas, inside(distance_mm, blur_mm), 0.02)
    over(canvas, inside(distance_mm + 1.0, blur_mm), marrow)
