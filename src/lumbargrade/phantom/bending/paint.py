"""The picture after a bend: tissue carried along, new disc and flavum filled in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates

from lumbargrade.phantom.bending.field import Grid, behind, nearest_change
from lumbargrade.phantom.bending.plan import Bend
from lumbargrade.phantom.bending.shape import Moved, Slate

Numbers = NDArray[np.float64]
FloatImage = NDArray[np.float32]

RIM_MM = 2.0
"""The annulus and what covers it move with the margin; deeper in the old disc, it stays."""
FILL_MM = 5.0
"""Depth over which what is new gives way to what stayed."""
DEEPEST_MM = 10.0
"""Deeper than this, a disc's grey changes little."""
READ_TO_MM = 22.0
"""From the midline: the part of the back margin whose greys are taken."""
EDGE_PX = 0.45
"""Softness of the new edges."""


def paint(
    picture: FloatImage, way: tuple[Grid, Numbers], slate: Slate, moved: Moved, bend: Bend
) -> FloatImage:
    """Return the picture (h, h) after the bend; ``way`` is the window and the way back in it."""
    rng = np.random.default_rng(bend.seed + 1)
    grid, field = way
    whole = picture.astype(np.float64)
    outside = _pressed(_taken(whole, grid, field), grid, field)
    disc = grid.mask(moved.disc)
    inner, change = _disc(whole, grid, slate, (moved, disc), rng)
    share = gaussian_filter(disc, EDGE_PX)
    mixed = share * inner + (1.0 - share) * _no_hairline(outside, grid, disc, change, rng)
    mixed = _edge_line(mixed, grid, disc, change, rng)
    mixed = _flavum(mixed, whole[grid.window], grid, slate, moved)
    out = whole.copy()
    out[grid.window] = mixed
    return out.astype(np.float32)


def _taken(picture: Numbers, grid: Grid, field: Numbers) -> Numbers:
    rows, columns = np.indices(field.shape[:2], dtype=float)
    at = [
        rows + grid.first[0] + field[..., 1] / grid.spacing_mm,
        columns + grid.first[1] + field[..., 0] / grid.spacing_mm,
    ]
    return np.asarray(map_coordinates(picture, at, order=3, mode="nearest"))


def _pressed(outside: Numbers, grid: Grid, field: Numbers) -> Numbers:
    """Average what was pressed together, as a pixel does: else a film of fat breaks into dots."""
    pressed = 1.0 + np.gradient(field[..., 1], grid.spacing_mm, axis=0)
    share = gaussian_filter(np.clip((pressed - 1.3) / 1.2, 0.0, 1.0), 0.8)
    return np.asarray((1 - share) * outside + share * gaussian_filter(outside, (1.3, 0.9)))


def _disc(
    picture: Numbers,
    grid: Grid,
    slate: Slate,
    after: tuple[Moved, Numbers],
    rng: np.random.Generator,
) -> tuple[Numbers, Numbers]:
    """Return the disc's greys (rows, columns), and how far its nearest margin moved, in mm.

    ``after`` are the moved lines, and the share (rows, columns) of each pixel that is disc then.

    What is new has the greys of the old disc at the same depth below its margin, and the grain of
    a part of the disc that lies farther in front, moved as it is.
    """
    moved, new = after
    back = ~np.isnan(slate.place)
    change, _ = nearest_change(grid.places(), moved.disc[back], slate.disc[back])
    size = gaussian_filter(np.hypot(change[..., 0], change[..., 1]), 1.0)
    stayed = picture[grid.window]
    old = grid.mask(slate.disc)
    old_depth, depth = (distance_transform_edt(one >= 0.5) * grid.spacing_mm for one in (old, new))
    greys = _by_depth(stayed, old_depth, grid, slate)
    shift = round((float(size.max()) + rng.uniform(4.0, 8.0)) / grid.spacing_mm)
    smooth = gaussian_filter(stayed, 2.5)
    grain = _moved_grain(stayed - smooth, old_depth > 3.0, shift, rng)
    lift = rng.normal(0.0, 0.05) * np.clip((depth - 1.0) / 2.0, 0, 1) * np.clip(size / 4.0, 0, 1)
    filled = greys(depth) + grain + lift
    keep = np.clip((old_depth - RIM_MM) / FILL_MM, 0.0, 1.0)
    keep = keep * keep * (3 - 2 * keep)
    mixed = keep * stayed + (1 - keep) * filled
    still = np.clip(size / 0.4, 0.0, 1.0)
    return np.asarray(still * mixed + (1 - still) * stayed), size


def _moved_grain(
    grain: Numbers, disc: NDArray[np.bool_], shift: int, rng: np.random.Generator
) -> Numbers:
    """Return grain moved to the back by ``shift`` rows; where no disc was, noise as rough."""
    noise = gaussian_filter(rng.standard_normal(grain.shape), 0.6)
    rough = float(grain[disc].std()) if disc.any() else 0.0
    noise *= rough / max(float(noise.std()), 1e-9)
    return np.asarray(np.roll(np.where(disc, grain, noise), shift, axis=0))


def _by_depth(
    stayed: Numbers, depth: Numbers, grid: Grid, slate: Slate
) -> Callable[[Numbers], Numbers]:
    """Return the disc's median grey as a function of the depth below its back margin, in mm."""
    near = np.abs(grid.x_mm - slate.midline_mm) < READ_TO_MM
    back = grid.y_mm[:, None] > (grid.y_mm[:, None] * (depth > 0)).min() / 2
    at = np.arange(0.3, DEEPEST_MM, 0.6)
    found = []
    for middle in at:
        ring = (np.abs(depth - middle) < 0.5) & near[None, :] & back
        found.append(np.median(stayed[ring]) if ring.any() else np.nan)
    known = np.isfinite(found)
    if not known.any():
        return lambda depth: np.full_like(depth, float(np.median(stayed)))
    places, values = at[known], gaussian_filter(np.array(found)[known], 0.7, mode="nearest")
    return lambda depth: np.interp(depth, places, values)


def _no_hairline(
    outside: Numbers, grid: Grid, disc: Numbers, size: Numbers, rng: np.random.Generator
) -> Numbers:
    """Take away the bright line of pressed fat over a dome: real fat gives way sideways."""
    away = distance_transform_edt(disc < 0.5) * grid.spacing_mm
    behind_px = round(1.8 / grid.spacing_mm)
    farther = np.roll(gaussian_filter(outside, 0.8), -behind_px, axis=0)
    weight = np.exp(-np.maximum(away - 0.4, 0.0) / 0.8) * np.clip(size / 2.5, 0, 1)
    return np.asarray(outside - rng.uniform(0.3, 1.0) * weight * np.maximum(outside - farther, 0.0))


def _edge_line(
    mixed: Numbers, grid: Grid, disc: Numbers, size: Numbers, rng: np.random.Generator
) -> Numbers:
    """Draw the dark line of ligament and dura over what was moved, more or less of it."""
    inside = distance_transform_edt(disc >= 0.5) - distance_transform_edt(disc < 0.5)
    away = np.abs(inside) * grid.spacing_mm
    weight = np.exp(-((away / rng.uniform(0.5, 0.9)) ** 2)) * np.clip(size / 2.0, 0, 1)
    dark = np.quantile(mixed, 0.08)
    least = 0.5 * float(np.clip((size.max() - 3.0) / 4.0, 0.0, 1.0))
    return np.asarray(mixed + rng.uniform(least, 0.85) * weight * np.minimum(dark - mixed, 0.0))


def _flavum(mixed: Numbers, picture: Numbers, grid: Grid, slate: Slate, moved: Moved) -> Numbers:
    """Fill what the wall gave up with the grey that lies behind it."""
    if np.allclose(moved.wall, slate.wall):
        return mixed
    old = behind(grid, slate.wall)
    new = gaussian_filter(behind(grid, moved.wall).astype(float) * ~old, 0.6)
    for facet in slate.outlines.facets.values():
        new = new * (1 - grid.mask(facet))
    depth = distance_transform_edt(old) * grid.spacing_mm
    strip = picture[(depth > 0.4) & (depth < 2.5)]
    if len(strip) == 0:
        return mixed
    grey = float(np.quantile(strip, 0.3))
    grain = picture - gaussian_filter(picture, 2.0)
    return np.asarray((1 - new) * mixed + new * (grey + np.roll(grain, (5, 3), axis=(0, 1))))
