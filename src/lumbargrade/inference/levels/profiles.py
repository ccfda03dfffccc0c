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
REACH = 2.0
"""Of the filter, in standard deviations."""

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

    Wide shades are taken out. Two profiles are compared where both hold something; 0 where that is
    too short.
    """
    (first, held), (second, kept) = _fine(several), _fine(others)
    products = first @ second.T
    spread = np.sqrt((first**2 @ kept.T) * (held @ (second**2).T))
    enough = (held @ kept.T >= FEWEST_SAMPLES) & (spread > 0)
    return np.divide(products, spread, out=np.zeros_like(products), where=enough)


def _fine(values: Array) -> tuple[Array, Array]:
    """Return profiles (k, n) without their wide shades, and 1 where they hold something, else 0.

    Outside, where they hold NaN, they are 0; a flat profile is 0 as well.
    """
    inside = np.isfinite(values).astype(np.float64)
    plain = np.where(inside > 0, values, 0.0)
    wide, share = (
        ndimage.gaussian_filter1d(one, SMOOTH_MM / STEP_MM, truncate=REACH)
        for one in (plain, inside)
    )
    fine = inside * (plain - np.divide(wide, share, out=np.zeros_like(wide), where=share > 0))
    # Of a flat profile rounding is left, which would correlate with anything.
    fine[np.abs(fine) <= ROUNDING * np.abs(plain).max(axis=1, keepdims=True)] = 0.0
    return fine, inside
