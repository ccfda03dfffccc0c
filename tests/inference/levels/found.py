"""Discs as a sagittal series would show them, at the places of the made-up spines."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tests.study.series.spines import LORDOSIS_DEG, Point, middles, slice_at

from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs
from lumbargrade.study.model import Slice

DEPTH_MM, HEIGHT_MM = 34.0, 9.0
SERIES = "series 2 't2_tse_sag' (15 slices)"


def disc_at(
    center_mm: Point,
    tilt_deg: float = 0.0,
    above_sacrum: int | None = None,
    height_mm: float = HEIGHT_MM,
) -> SpineDisc:
    """A disc of even height, tilted as ``slice_at`` tilts a slice."""
    tilt = np.radians(tilt_deg)
    back = np.array((0.0, np.cos(tilt), np.sin(tilt)))
    up = np.array((0.0, -np.sin(tilt), np.cos(tilt)))
    corners = [
        np.asarray(center_mm) + along * DEPTH_MM / 2 * back + over * height_mm / 2 * up
        for along, over in ((-1, 1), (1, 1), (1, -1), (-1, -1))
    ]
    return SpineDisc(np.array(corners, dtype=np.float64), above_sacrum, 0.9)


def spine_of(
    lowest: int | None = 0, distance_mm: float = 34.0, missed: Collection[int] = ()
) -> SpineDiscs:
    """The five discs of ``discs``, the lowest counted so from the sacrum (None: not counted)."""
    found = [
        disc_at(middle, tilt, None if lowest is None else lowest + number)
        for number, (middle, tilt) in enumerate(
            zip(middles(distance_mm), LORDOSIS_DEG, strict=True)
        )
        if number not in missed
    ]
    return SpineDiscs(tuple(found), "", SERIES)


def moved_disc(disc: SpineDisc, rotation: NDArray[np.float64], shift_mm: Point) -> SpineDisc:
    """The same disc of a patient who lies otherwise, as ``turned`` moves a slice."""
    return replace(disc, corners_mm=disc.corners_mm @ rotation.T + np.asarray(shift_mm))


def sagittal_rotation(angle_deg: float) -> NDArray[np.float64]:
    """About the patient's left-right axis: the spine stays in the sagittal plane."""
    angle = np.radians(angle_deg)
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])


def straight_stack(low_mm: float, high_mm: float, step_mm: float = 4.0) -> Iterator[Slice]:
    """A stack without a break or a tilt through the whole spine."""
    for number, z in enumerate(np.arange(low_mm, high_mm, step_mm)):
        yield slice_at((0.0, 0.0, z), 0.0, f"s{number:02d}")
