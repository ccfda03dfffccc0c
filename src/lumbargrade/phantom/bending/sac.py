"""A bent T1 slice with the sac of a T2 picture: bright CSF, and the roots in it.

Outside of sac and disc, T1 looks much like T2. So the sac alone is painted anew, its roots packed
as in the phantom, and Lee's grade follows from where they lie.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from lumbargrade.phantom.anatomy.cauda import root_radii
from lumbargrade.phantom.anatomy.level import ANGLES
from lumbargrade.phantom.anatomy.priors import level_table
from lumbargrade.phantom.anatomy.root_packing import Roots, confine, pack_within, towards
from lumbargrade.phantom.anatomy.roots import draw_habit
from lumbargrade.phantom.bending.field import Grid
from lumbargrade.phantom.grades import largest_cluster, lee_grade, ventral_gap

Numbers = NDArray[np.float64]

CSF, ROOT = (1.0, 1.55), (0.2, 0.6)
"""Greys, with fat near 1; CSF is the brightest thing of a real T2 slice."""
SMALLEST_MM2 = 12.0
"""A sac smaller than this holds nothing that could be graded."""
EDGE_PX = 0.55


@dataclass(frozen=True)
class FilledSac:
    """A sac with roots: Lee's grade and what it follows from."""

    lccs: int
    ventral_csf_mm: float
    largest_root_cluster: float


def fill_sac(
    window: Numbers, sac: Numbers, grid: Grid, level: int, rng: np.random.Generator
) -> tuple[Numbers, FilledSac] | None:
    """Return the window (rows, columns) with CSF and roots in its sac; None in too small a sac.

    Parameters
    ----------
    sac : (rows, columns) share of each pixel that is sac.
    level : 0 = L1/2 ... 4 = L5/S1, which says how many roots are left.
    """
    if sac.sum() * grid.spacing_mm**2 < SMALLEST_MM2:
        return None
    centre, rim = _rim(sac, grid)
    radius, order, side = root_radii(float(rng.uniform(0.75, 1.15)))
    inside = order > level
    natural = float(level_table()["root_clearance_mm"][level] * rng.uniform(0.9, 1.1))
    seed = np.array([rng.uniform(-0.4, 0.4), rng.uniform(0.1, 0.5)])
    habit = draw_habit(order, side, rng).of(inside)
    start = np.stack([side * (0.75 - 0.07 * order), np.full(len(radius), 0.45)], axis=1)[inside]
    start = start + rng.normal(0, 0.12, start.shape)
    size = np.asarray(radius[inside], dtype=np.float64)
    unit = pack_within(rim, start, Roots(size, natural, seed, habit))
    point = confine(rim, unit * towards(rim, unit)[:, None], size)
    gap = ventral_gap(ANGLES, rim, point, size)
    share = largest_cluster(point, size)
    dots = _dots(grid, point + centre, size)
    csf, root = rng.uniform(*CSF), rng.uniform(*ROOT)
    rough = window - gaussian_filter(window, 1.5)
    noise = np.std(rough) * gaussian_filter(rng.standard_normal(window.shape), 0.6) * 1.6
    inner = csf + dots * (root - csf) + 0.5 * noise
    soft = gaussian_filter(sac, EDGE_PX)
    found = FilledSac(lee_grade(gap, share), gap, share)
    return soft * inner + (1 - soft) * window, found


def _rim(sac: Numbers, grid: Grid) -> tuple[Numbers, Numbers]:
    """Return the centre (x, y) of a mask, and its radius (64,) in mm at ``ANGLES``."""
    places = grid.places()
    centre = (places * sac[..., None]).sum(axis=(0, 1)) / sac.sum()
    away = np.arange(0.15, 24.0, 0.3)
    x = centre[0] + away[None, :] * np.cos(ANGLES)[:, None]
    y = centre[1] + away[None, :] * np.sin(ANGLES)[:, None]
    columns = np.clip(
        np.rint((x - grid.x_mm[0]) / grid.spacing_mm).astype(int), 0, sac.shape[1] - 1
    )
    rows = np.clip(np.rint((y - grid.y_mm[0]) / grid.spacing_mm).astype(int), 0, sac.shape[0] - 1)
    outside = sac[rows, columns] < 0.5
    first = np.where(outside.any(axis=1), outside.argmax(axis=1), len(away) - 1)
    rim = gaussian_filter(away[first], 1.0, mode="wrap")
    return centre, np.asarray(np.maximum(rim, 0.4))


def _dots(grid: Grid, centres: Numbers, radii: Numbers) -> Numbers:
    """Return the share (rows, columns) of each pixel that lies in a root."""
    x, y = grid.x_mm[None, :], grid.y_mm[:, None]
    share = np.zeros((len(grid.y_mm), len(grid.x_mm)))
    for (u, v), radius in zip(centres, radii, strict=True):
        away = np.hypot(x - u, y - v) - radius
        share += np.clip(0.5 - away / grid.spacing_mm, 0.0, 1.0)
    return np.asarray(np.minimum(gaussian_filter(share, 0.35), 1.0))
