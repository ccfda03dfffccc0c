"""Whether axial slices lie where their coordinates say, by what a sagittal slice shows there.

An axial and a sagittal slice cross in a line, and along it both show the same tissue. If the
axial slices are moved up and down, they fit the sagittal one best where the patient lay in both.
Series of two frames of reference may share their coordinates all the same (a site that changes
identifiers gives each series a new one) or not (the patient was taken out and put back).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.errors import StudyError
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture
from lumbargrade.study.model import FloatImage, Slice

MOST_SLICES = 6
"""About so many, spread evenly, are compared."""
STEP_MM = 1.0
SHIFTS_MM = np.arange(-60.0, 61.0, 2.0)
"""Of the axial slices, to the head and to the feet."""
SMOOTH_MM = 25.0
"""Shades wider than this, such as those of the coil, are taken out."""
APART_MM = 15.0
NEAR_MM = 4.0
FEWEST_SAMPLES = 60

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Crossing:
    """How axial slices fit a sagittal one.

    Attributes
    ----------
    shift_mm : how far from where their coordinates say, to the head, the slices fit best.
    fit : mean correlation there, at most 1.
    lead : by how much it exceeds all fits that are farther than ``APART_MM`` from it.
    here : the best fit within ``NEAR_MM`` of where the coordinates say.
    """

    shift_mm: float
    fit: float
    lead: float
    here: float


def crossing(slices: Sequence[Slice], picture: SagittalPicture) -> Crossing | None:
    """Compare axial slices with a sagittal one; None where their pictures do not cross."""
    fits = fits_of(slices, picture)
    if fits is None:
        return None
    best = int(np.argmax(fits))
    far = np.abs(SHIFTS_MM - SHIFTS_MM[best]) > APART_MM
    return Crossing(
        float(SHIFTS_MM[best]),
        float(fits[best]),
        float(fits[best] - fits[far].max()),
        float(fits[np.abs(SHIFTS_MM) <= NEAR_MM].max()),
    )


def fits_of(slices: Sequence[Slice], picture: SagittalPicture) -> Array | None:
    """Return the mean correlation for each of ``SHIFTS_MM``; None where no two pictures cross.

    Pictures that cannot be decoded are passed over.
    """
    few = max(1, len(slices) // MOST_SLICES)
    rows = []
    for item in slices[::few]:
        try:
            row = _fits(item.load_pixels(), item.geometry, picture)
        except StudyError:
            continue
        if row is not None:
            rows.append(row)
    return np.asarray(np.mean(rows, axis=0), dtype=np.float64) if rows else None


def _fits(pixels: FloatImage, axial: SliceGeometry, picture: SagittalPicture) -> Array | None:
    points = _line(axial, picture.geometry)
    if points is None:
        return None
    own = _sampled(pixels, axial, points)
    shifts = SHIFTS_MM[:, np.newaxis, np.newaxis] * np.array([0.0, 0.0, 1.0])
    others = _sampled(picture.pixels, picture.geometry, points + shifts)
    return np.array([_correlation(own, other) for other in others])


def _line(axial: SliceGeometry, sagittal: SliceGeometry) -> Array | None:
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


def _sampled(pixels: FloatImage, geometry: SliceGeometry, points_mm: Array) -> Array:
    """Return values (...) at points (..., 3); NaN outside the picture."""
    offset = points_mm - np.asarray(geometry.position_mm)
    columns = offset @ np.asarray(geometry.row_direction) / geometry.pixel_spacing_mm[1]
    rows = offset @ np.asarray(geometry.column_direction) / geometry.pixel_spacing_mm[0]
    return np.asarray(
        ndimage.map_coordinates(
            pixels, [rows, columns], output=np.float64, order=1, mode="constant", cval=np.nan
        )
    )


def _correlation(one: Array, other: Array) -> float:
    """Return the correlation of two profiles without their wide shades; 0 where too short."""
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < FEWEST_SAMPLES:
        return 0.0
    first, second = (_fine(values[known]) for values in (one, other))
    spread = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / spread if spread > 0 else 0.0


def _fine(values: Array) -> Array:
    return np.asarray(values - ndimage.gaussian_filter1d(values, SMOOTH_MM / STEP_MM))
