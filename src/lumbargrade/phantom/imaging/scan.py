"""A slice through the anatomy as the scanner would store it.

The slice samples the anatomy in three dimensions, averages over its profile (partial
volume), then takes on what coil, sequence and readout add (``readout.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.paint import Array, Points
from lumbargrade.phantom.imaging.paint_body import paint_body, skin_v
from lumbargrade.phantom.imaging.paint_canal import RootTable, paint_canal
from lumbargrade.phantom.imaging.paint_posterior import paint_posterior
from lumbargrade.phantom.imaging.paint_spine import paint_column
from lumbargrade.phantom.imaging.readout import Readout, read_out, receive_field
from lumbargrade.study.geometry import SliceGeometry

REFERENCE_LEVEL = 900.0
"""Stored value of the brightest common tissue in the canal, of 12 bits."""
COMMON_TISSUES = ("csf", "fat")
COLUMN_WINDOW_MM = (45.0, -48.0, 52.0)
"""Half width in u, and range of v, in which the spine itself is painted."""


@dataclass(frozen=True)
class Scan:
    """One series' way to look: tissue signals, thickness and the samples across it."""

    tissue: dict[str, float]
    thickness_mm: float
    samples: int
    readout: Readout


def scan_slice(
    anatomy: Anatomy,
    roots: RootTable,
    geometry: SliceGeometry,
    scan: Scan,
    rng: np.random.Generator,
) -> NDArray[np.uint16]:
    """Return the stored pixels (rows, columns) of one slice."""
    points = _sample(anatomy, geometry, 0.0)
    picture = paint_body(anatomy, points, scan.tissue)
    half_u, lowest_v, highest_v = COLUMN_WINDOW_MM
    window = (np.abs(points.u) < half_u) & (points.v > lowest_v) & (points.v < highest_v)
    rows, columns = np.flatnonzero(window.any(axis=1)), np.flatnonzero(window.any(axis=0))
    if len(rows):
        box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        start, total = picture[box].copy(), np.zeros_like(picture[box])
        profile = slice_profile(scan.thickness_mm, scan.samples)
        ends = [_sample(anatomy, geometry, profile[end][0], box) for end in (0, -1)]
        apart = (profile[-1][0] - profile[0][0]) / max(len(profile) - 1, 1)
        ends = [replace(end, through_mm=apart) for end in ends]
        for position, (_, weight) in enumerate(profile):
            layer = start.copy()
            # the spine's curve is straight over a slice's thickness: between the ends, lines do
            inner = ends[0].towards(ends[1], position / max(len(profile) - 1, 1))
            behind = paint_column(layer, anatomy, inner, scan.tissue)
            paint_posterior(layer, anatomy, inner, behind, scan.tissue)
            paint_canal(layer, anatomy, inner, scan.tissue, roots)
            total += np.float32(weight) * layer
        picture[box] = total
    return _acquire(anatomy, points, picture, scan, rng)


def slice_profile(thickness_mm: float, samples: int) -> list[tuple[float, float]]:
    """Return (offset in mm, weight) of the layers across a slice; the weights add up to 1.

    A Gaussian whose full width at half its height is the thickness, cut at a quarter.
    """
    if samples == 1:
        return [(0.0, 1.0)]
    sigma = thickness_mm / 2.355
    offsets = np.linspace(-1, 1, samples) * 1.6 * sigma
    weights = np.exp(-0.5 * (offsets / sigma) ** 2)
    return [(float(o), float(w)) for o, w in zip(offsets, weights / weights.sum(), strict=True)]


def _sample(
    anatomy: Anatomy,
    geometry: SliceGeometry,
    offset_mm: float,
    box: tuple[slice, slice] | None = None,
) -> Points:
    """Points of a slice (or a box of it), shifted along its normal."""
    rows, columns = np.arange(geometry.rows), np.arange(geometry.columns)
    if box is not None:
        rows, columns = rows[box[0]], columns[box[1]]
    row, column = np.asarray(geometry.row_direction), np.asarray(geometry.column_direction)
    origin = np.asarray(geometry.position_mm) + offset_mm * geometry.normal
    place = (
        origin
        + row * (columns * geometry.pixel_spacing_mm[1])[None, :, None]
        + column * (rows * geometry.pixel_spacing_mm[0])[:, None, None]
    ).astype(np.float32)
    u, v, zeta = anatomy.spine.to_spine(place)
    return Points(
        place[..., 0], place[..., 1], place[..., 2], u, v, zeta, geometry.pixel_spacing_mm[0]
    )


def _acquire(
    anatomy: Anatomy, points: Points, picture: Array, scan: Scan, rng: np.random.Generator
) -> NDArray[np.uint16]:
    """Coil, sequence, readout and 12-bit storage, scaled by the brightest common tissue."""
    depth = np.maximum(skin_v(anatomy, points) - points.v, 0)
    beyond = depth - (50 + anatomy.build.dorsal_fat_mm)
    field = receive_field(scan.readout, points.x - points.x.mean(), points.v, beyond)
    brightest = max(scan.tissue[name] for name in COMMON_TISSUES)
    stored = read_out(picture * field / np.float32(brightest), scan.readout, rng)
    return np.asarray(np.clip(np.rint(stored * REFERENCE_LEVEL), 0, 4095), np.uint16)
