"""Drawn shapes with known answers."""

from __future__ import annotations

import numpy as np

from lumbargrade.morphometry.outlines import Line


def ellipse(centre: tuple[float, float], size: tuple[float, float], points: int = 120) -> Line:
    """A closed ellipse of so large a width (x) and depth (y) in mm."""
    turn = np.linspace(0.0, 2 * np.pi, points, endpoint=False)
    return np.column_stack(
        [centre[0] + size[0] / 2 * np.cos(turn), centre[1] + size[1] / 2 * np.sin(turn)]
    )
