"""What two slices show along the line in which they cross."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage

STEP_MM = 1.0
SMOOTH_MM = 25.0
"""Shades wider than this, such as those of the coil, are taken out."""
FEWEST_SAMPLES = 60
ROUNDING = 1e-12

Array = NDArray[np.float64]


def crossing_line(axial: SliceGeometry, sagittal: SliceGeometry) -> Array | None:
    """Return points (n, 3) in mm along the line in which two slices cross; None if they do not."""
    along = np.cross(axial.normal, sagittal.normal)
    length = float(np.linalg.norm(along))
    if length < 0.5:
        return None
    planes = np.array([axial.normal, sagittal.normal, along])
    middle = axial.center_mm
    heights = [
        np.asarray(axial.normal) @ middle,
        np.asarray(sagittal.normal) @ sagittal.center_mm,
        along @ middle,
    ]
    start = np.linalg.solve(planes, np.array(heights))
    reach = max(axial.size_mm) / 2
    steps = np.arange(-reach, reach + STEP_MM, STEP_MM)
    return np.asarray(start + steps[:, np.newaxis] * along / length)


def sampled(pixels: FloatImage, geometry: SliceGeometry, points_mm: Array) -> Array:
    """Return values (...) at points (..., 3); NaN outside the picture."""
    offset = points_mm - np.asarray(geometry.position_mm)
    columns = offset @ np.asarray(geometry.row_direction) / geometry.pixel_spacing_mm[1]
    rows = offset @ np.asarray(geometry.column_direction) / geometry.pixel_spacing_mm[0]
    return np.asarray(
        ndimage.map_coordinates(
            pixels, [rows, columns], output=np.float64, order=1, mode="constant", cval=np.nan
        )
    )


def correlation(one: Array, other: Array) -> float:
    """Return the correlation of two profiles without their wide shades; 0 where too short."""
    return float(correlations(one[np.newaxis], other)[0])


def correlations(several: Array, other: Array) -> Array:
    """As :func:`pairwise_correlations` of ``several`` (k, n) with a single one (n,): (k,)."""
    return pairwise_correlations(several, other[np.newaxis])[:, 0]


def pairwise_correlations(several: Array, others: Array) -> Array:
    """Return the correlation (k, m) of each profile of (k, n) with each of (m, n).

    Wide shades are taken out. Compared is what all profiles hold that hold enough; those which
    lie outside their picture are 0.
    """
    found = np.zeros((len(several), len(others)))
    inside = [np.isfinite(one) for one in (several, others)]
    enough = [one.sum(axis=1) >= FEWEST_SAMPLES for one in inside]
    known = np.logical_and(
        *(one[rows].all(axis=0) for one, rows in zip(inside, enough, strict=True))
    )
    if known.sum() < FEWEST_SAMPLES:
        return found
    first, second = (
        _fine(one[rows][:, known]) for one, rows in zip((several, others), enough, strict=True)
    )
    found[np.ix_(*enough)] = first @ second.T
    return found


def _fine(values: Array) -> Array:
    """Return profiles (k, n) without their wide shades, each of length 1; a flat one is 0."""
    fine = np.asarray(values - ndimage.gaussian_filter1d(values, SMOOTH_MM / STEP_MM))
    if not len(values):
        return fine
    # Of a flat profile rounding is left, which would correlate with anything.
    fine[np.abs(fine) <= ROUNDING * np.abs(values).max(axis=1, keepdims=True)] = 0.0
    length = np.linalg.norm(fine, axis=1, keepdims=True)
    return np.asarray(np.divide(fine, length, out=np.zeros_like(fine), where=length > 0))
