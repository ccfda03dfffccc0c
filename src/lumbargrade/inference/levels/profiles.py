"""What two slices show along the line in which they cross."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Profiles:
    """Profiles without their wide shades.

    Attributes
    ----------
    fine : (k, n); 0 outside of the picture and where all is flat.
    inside : (k, n) 1 where a profile holds something, else 0.
    """

    fine: Array
    inside: Array

    def part(self, first: int, length: int) -> Profiles:
        """Return ``length`` samples of each, from the sample ``first`` on."""
        own = slice(first, first + length)
        return Profiles(self.fine[:, own], self.inside[:, own])


def profiles(values: Array) -> Profiles:
    """Take the wide shades out of values (k, n), NaN outside of the picture."""
    inside = np.isfinite(values).astype(np.float64)
    plain = np.where(inside > 0, values, 0.0)
    wide, share = (
        ndimage.gaussian_filter1d(one, SMOOTH_MM / STEP_MM, truncate=REACH)
        for one in (plain, inside)
    )
    fine = inside * (plain - np.divide(wide, share, out=np.zeros_like(wide), where=share > 0))
    # Of a flat profile rounding is left, which would correlate with anything.
    fine[np.abs(fine) <= ROUNDING * np.abs(plain).max(axis=1, keepdims=True)] = 0.0
    return Profiles(fine, inside)


def correlations(several: Profiles, others: Profiles) -> Array:
    """Return the correlation (k, m) of each of k profiles with each of m others.

    Two are compared where both hold something; 0 where that is too short.
    """
    products = several.fine @ others.fine.T
    spread = np.sqrt((several.fine**2 @ others.inside.T) * (several.inside @ (others.fine**2).T))
    enough = (several.inside @ others.inside.T >= FEWEST_SAMPLES) & (spread > 0)
    return np.divide(products, spread, out=np.zeros_like(products), where=enough)
