"""Notice axial pictures that contradict the sagittal series about which side is the left.

A back is nearly symmetric, so nothing in an axial picture shows that it was mirrored under its old
header. But a sagittal slice beside the middle shows one side alone, and along the line in which it
crosses an axial slice both show the same tissue. Where the axial pictures fit the sagittal ones
better once they are mirrored, one of the two series has left and right exchanged. Which one, the
pictures do not tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.levels.profiles import correlations, crossing_line, profiles, sampled
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture
from lumbargrade.study.model import FloatImage

MOST_SLICES = 6
"""Axial slices, spread evenly, that are compared with every sagittal one."""

SHIFTS_MM = np.arange(-25.0, 26.0, 2.5)
"""To the side, of the axial pictures: a patient who moved to the side between the series would fit
better mirrored, about an axis that is not his own, than where the coordinates say. Steps of 4 mm
miss a third of the mirrored ones after a move of 10 mm."""

LEAST_SEEN = 0.7
"""A shift at which fewer crossings lie in both pictures, relative to the others, is passed over."""
FEWEST_LINES = 12
LEAST_FIT, LEAST_SHARE = 0.5, 0.65
LEAST_RATIO = 1.1
"""Of what the pictures leave unexplained as they are said to lie, to what they leave mirrored
(``python -m benchmarks mirrored``): pictures that lie so had at most 0.83, and 1.05 after a move of
the patient, where anything fitted; mirrored ones have one over that."""

Array = NDArray[np.float64]
Axial = tuple[SliceGeometry, FloatImage]


@dataclass(frozen=True)
class SidesFit:
    """How axial slices fit the sagittal ones that they cross, each way at its best shift.

    Attributes
    ----------
    as_said : mean correlation of the pictures as their header says they lie, at most 1.
    mirrored : of the same pictures with left and right exchanged.
    share : of the crossings, those that fit better mirrored.
    lines : how many crossings were compared.
    """

    as_said: float
    mirrored: float
    share: float
    lines: int

    @property
    def contradicts(self) -> bool:
        """Whether the mirrored pictures fit, and leave clearly less unexplained."""
        if self.lines < FEWEST_LINES or self.mirrored < LEAST_FIT or self.share < LEAST_SHARE:
            return False
        return 1 - self.as_said >= LEAST_RATIO * (1 - self.mirrored)


def sides_fit(axial: Sequence[Axial], sagittal: Sequence[SagittalPicture]) -> SidesFit:
    """Compare axial slices with sagittal ones of the same coordinates, as said and mirrored."""
    few = max(1, math.ceil(len(axial) / MOST_SLICES))
    fits = [
        both
        for geometry, pixels in axial[::few]
        for picture in sagittal
        for both in [_fits(geometry, pixels, picture)]
        if both is not None
    ]
    lines = np.array(fits).reshape(-1, 2, len(SHIFTS_MM))
    seen = lines != 0  # else the line runs outside of a picture
    enough = seen.sum(axis=0) >= max(LEAST_SEEN * seen.sum(axis=0).max(), 1)
    means = np.divide(
        lines.sum(axis=0), seen.sum(axis=0), out=np.zeros_like(enough, float), where=enough
    )
    as_said, mirrored = (lines[:, way, int(means[way].argmax())] for way in (0, 1))
    both = (as_said != 0) & (mirrored != 0)
    if not both.any():
        return SidesFit(0.0, 0.0, 0.0, 0)
    share = float((mirrored > as_said)[both].mean())
    return SidesFit(
        float(as_said[both].mean()), float(mirrored[both].mean()), share, int(both.sum())
    )


def contradiction(fit: SidesFit, series: str) -> str:
    """Return why left and right are not known; empty where the series agree or nothing says."""
    if not fit.contradicts:
        return ""
    return (
        f"left and right are not known: the pictures fit the sagittal {series} better with left "
        "and right exchanged, so one of the two series is mirrored against its header: check the "
        "side marker and export the series again (with --box it is graded as it is)"
    )


def _fits(axial: SliceGeometry, pixels: FloatImage, picture: SagittalPicture) -> Array | None:
    """Return correlations (2, shifts), as said and mirrored; None where two slices do not cross."""
    points = crossing_line(axial, picture.geometry)
    if points is None:
        return None
    other = profiles(sampled(picture.pixels, picture.geometry, points)[np.newaxis])
    ways = np.array([axial.row_direction, axial.column_direction])
    across = ways[int(np.abs(ways[:, 0]).argmax())]  # the axis of the picture from side to side
    apart = (points - axial.center_mm) @ across
    exchanged = points - 2 * apart[:, np.newaxis] * across
    shifts = SHIFTS_MM[:, np.newaxis, np.newaxis] * across
    both = np.concatenate([points + shifts, exchanged + shifts])
    fits = correlations(profiles(sampled(pixels, axial, both)), other)
    return fits.reshape(2, len(SHIFTS_MM))
