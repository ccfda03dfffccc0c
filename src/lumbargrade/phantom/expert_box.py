"""The box that an expert would draw on a simulated slice, from the anatomy and not the picture.

Su et al. 2022 (Figure 5) let a surgeon draw a box on every image: around the disc (or body), the
canal, the joints and the laminae behind it; the spinous process is left out [design]. Every box
is drawn alike: readers differ by some millimetres, and nobody has measured by how many.
"""

from __future__ import annotations

import numpy as np

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.paint_posterior import SHELL_MM, roof
from lumbargrade.phantom.imaging.paint_spine import column_of
from lumbargrade.phantom.outlines import square_points
from lumbargrade.study.geometry import SliceGeometry

STEP_MM = 1.0
"""Between the points that are looked at."""
LAMINA_MM = 7.5
"""From the back of the flavum in the midline to the back of the laminae."""


def expert_box(
    anatomy: Anatomy, geometry: SliceGeometry, center_px: tuple[float, float], level: int
) -> tuple[float, float, float, float]:
    """Return (x, y, width, height) in pixels; (0, 0) is the centre of the first pixel.

    The slice lies as simulated ones do: columns run to the patient's left, rows to the back.
    ``center_px`` is (column, row) of the canal, ``level`` the index of the nearest disc (0 is
    L1/2). What reaches out of the slice is cut off.
    """
    points = square_points(anatomy, geometry, center_px, STEP_MM)
    shape = anatomy.canal.levels[level]
    lateral = [abs(float(shape.shape.joint(side)[1, 0])) + SHELL_MM for side in (0, 1)]
    behind = (points.v >= 0) & (points.v <= roof(shape) + LAMINA_MM)
    behind &= (points.u <= lateral[0]) & (points.u >= -lateral[1])
    inside = (column_of(anatomy, points).outline < 0) | behind
    edges = []
    for axis, spacing, middle, size in (
        (0, geometry.pixel_spacing_mm[1], center_px[0], geometry.columns),
        (1, geometry.pixel_spacing_mm[0], center_px[1], geometry.rows),
    ):
        there = np.flatnonzero(inside.any(axis))
        from_middle = (there[[0, -1]] + [0, 1] - len(inside) / 2) * STEP_MM
        low, high = np.clip(middle + from_middle / spacing, -0.5, size - 0.5)
        edges.append((float(low), float(high - low)))
    (x, width), (y, height) = edges
    return x, y, width, height
