"""A slice through the anatomy as the scanner would store it.

The slice samples the anatomy in three dimensions, averages over its thickness (partial
volume), then takes on the coil's gradient, the sequence's saturation band and noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.paint import Array, Points
from lumbargrade.phantom.imaging.paint_body import paint_body, skin_v
from lumbargrade.phantom.imaging.paint_canal import RootTable, paint_canal
from lumbargrade.phantom.imaging.paint_posterior import paint_posterior
from lumbargrade.phantom.imaging.paint_spine import paint_column
from lumbargrade.phantom.imaging.scanner import Protocol
from lumbargrade.study.geometry import SliceGeometry

CSF_LEVEL = 900.0
"""Stored value of CSF in the canal, of 12 bits."""
POINT_SPREAD_PX = 0.42
COLUMN_WINDOW_MM = (46.0, -58.0, 52.0)
"""Half width in u, and range of v, in which the spine itself is painted."""


@dataclass(frozen=True)
class Scan:
    """One series' way to look: tissue signals, thickness and the samples across it."""

    tissue: dict[str, float]
    thickness_mm: float
    samples: int
    protocol: Protocol


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
        offsets = (np.arange(scan.samples) - (scan.samples - 1) / 2) / scan.samples
        for offset in offsets * scan.thickness_mm:
            layer = start.copy()
            inner = _sample(anatomy, geometry, float(offset), box)
            behind = paint_column(layer, anatomy, inner, scan.tissue)
            paint_posterior(layer, anatomy, inner, behind, scan.tissue)
            paint_canal(layer, anatomy, inner, scan.tissue, roots)
            total += layer
        picture[box] = total / scan.samples
    return _acquire(anatomy, points, picture, scan, rng)


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
    """Point spread, coil gradient, saturation band, Rician noise, 12-bit storage."""
    protocol = scan.protocol
    picture = gaussian_filter(picture, POINT_SPREAD_PX)
    depth = np.maximum(skin_v(anatomy, points) - points.v, 0)
    canal_depth = 50 + anatomy.build.dorsal_fat_mm
    falloff = np.float32(protocol.coil_falloff_mm)
    coil = np.exp(-(depth - canal_depth) / falloff).astype(np.float32)
    coil *= 1 + 0.08 * np.sin(points.x / 60 + anatomy.build.texture_phase[0])
    if protocol.saturation_band:
        coil *= 0.06 + 0.94 / (1 + np.exp(-(points.v + 62) / 6))
    signal = picture * coil / scan.tissue["csf"]
    sigma = 1.0 / protocol.csf_snr
    real = signal + sigma * rng.standard_normal(signal.shape, dtype=np.float32)
    imaginary = sigma * rng.standard_normal(signal.shape, dtype=np.float32)
    stored = np.hypot(real, imaginary) * CSF_LEVEL
    return np.asarray(np.clip(np.rint(stored), 0, 4095), np.uint16)
