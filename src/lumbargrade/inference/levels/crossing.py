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

from lumbargrade.errors import StudyError
from lumbargrade.inference.levels.profiles import (
    Profiles,
    correlations,
    crossing_line,
    profiles,
    sampled,
)
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture
from lumbargrade.study.model import FloatImage, Slice

MOST_SLICES = 6
"""About so many, spread evenly, are compared."""
SHIFTS_MM = np.arange(-60.0, 61.0, 2.0)
"""Of the axial slices, to the head and to the feet."""
ASIDE_MM = np.array([-5.0, 0.0, 5.0])
ALONG_STEPS = (-8, -4, 0, 4, 8)
"""Of the axial slices to the side, and to the front and back: who moved along the table has not
done so along it alone. In mm, and in samples a millimetre apart."""
APART_MM = 15.0
NEAR_MM = 4.0

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

    Each is that of the best shift to the side and to the front, the same for all slices. Pictures
    that cannot be decoded are passed over.
    """
    few = max(1, len(slices) // MOST_SLICES)
    found = []
    for item in slices[::few]:
        try:
            fits = _fits(item.load_pixels(), item.geometry, picture)
        except StudyError:
            continue
        if fits is not None:
            found.append(fits)
    if not found:
        return None
    return np.asarray(np.mean(found, axis=0).max(axis=(0, 1)), dtype=np.float64)


def _fits(pixels: FloatImage, axial: SliceGeometry, picture: SagittalPicture) -> Array | None:
    """Return correlations (along the line, to the side, ``SHIFTS_MM``); None without a line."""
    points = crossing_line(axial, picture.geometry)
    if points is None:
        return None
    aside = ASIDE_MM[:, np.newaxis, np.newaxis] * np.asarray(picture.geometry.normal)
    upward = SHIFTS_MM[:, np.newaxis, np.newaxis] * np.array([0.0, 0.0, 1.0])
    own = profiles(sampled(pixels, axial, points + aside))
    others = profiles(sampled(picture.pixels, picture.geometry, points + upward))
    return np.array([_slid(own, others, len(points), by) for by in ALONG_STEPS])


def _slid(own: Profiles, others: Profiles, samples: int, steps: int) -> Array:
    """Return the correlations with profiles that are moved by ``steps`` along the others."""
    first, length = max(steps, 0), samples - abs(steps)
    return correlations(own.part(first, length), others.part(first - steps, length))
