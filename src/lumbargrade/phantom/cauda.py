"""The roots of the cauda equina: sizes, and the sac area that they fill."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]

DORSAL_AREAS_MM2 = (3.5, 4.5, 4.8, 5.3, 5.8, 3.3, 1.6, 0.6, 0.2, 0.1)
"""Dorsal root area of L2..L5, S1..S5, Co (Hogan 1996); the ventral root has half."""
PACKING = 0.76
"""Share of the sac that roots with their clearance can fill."""


def root_radii() -> tuple[Values, NDArray[np.int64], Values]:
    """Return radius (mm), segment (0 = L2) and side (+1 left, -1 right) of all 40 roots."""
    areas = np.repeat(DORSAL_AREAS_MM2, 4) * np.tile([1.0, 0.5, 1.0, 0.5], 10)
    return np.sqrt(areas / np.pi), np.repeat(np.arange(10), 4), np.tile([1.0, 1.0, -1.0, -1.0], 10)


def filled_area(radius: Values, clearance_mm: float) -> float:
    """Sac area (mm2) that roots fill when each keeps ``clearance_mm`` to the next."""
    return float(np.sum(np.pi * np.maximum(radius + clearance_mm / 2, 0.05) ** 2) / PACKING)


def stenosis_onset_mm2(index: int, clearance_mm: float) -> float:
    """Sac area below which the roots of a level (0 = L1/2) leave no CSF in front of them."""
    radius, segment, _ = root_radii()
    return filled_area(radius[segment > index], clearance_mm)
