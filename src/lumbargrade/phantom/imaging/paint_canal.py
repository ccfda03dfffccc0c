"""Inside the canal: dural sac, cauda equina, traversing and exiting roots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.canal import ZETA_STEP_MM
from lumbargrade.phantom.anatomy.level import LOWEST
from lumbargrade.phantom.anatomy.roots import RootPath, exited_level, sac_roots_at
from lumbargrade.phantom.imaging.paint import Array, Points, inside, over

Signals = dict[str, float]

SLEEVE_MM = 7.0
"""A root above S1 leaves the sac this far below the plane of its disc [design]."""


@dataclass(frozen=True)
class RootTable:
    """Sac roots on the canal's zeta grid: centres (n, 40, 2) in mm, far away where absent."""

    center_mm: Array
    radius_mm: Array


def tabulate_roots(anatomy: Anatomy) -> RootTable:
    """Tabulate the roots in the sac over ``zeta`` for quick look-ups by the painter."""
    canal, roots = anatomy.canal, anatomy.sac_roots
    center = np.full((len(canal.zeta_mm), len(roots.radius_mm), 2), 999.0, np.float32)
    for row, zeta in enumerate(canal.zeta_mm):
        level = exited_level(anatomy.spine, float(zeta))
        point, _ = sac_roots_at(roots, canal, float(zeta), level)
        center[row, roots.exits_below > level] = point
    return RootTable(center, roots.radius_mm.astype(np.float32))


def paint_canal(
    canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals, roots: RootTable
) -> None:
    """Paint the roots outside the sac, then the sac with its roots (in place)."""
    _paint_paths(canvas, anatomy, points, tissue)
    _paint_sac(canvas, anatomy, points, tissue, roots)
    _paint_sleeves(canvas, anatomy, points, tissue)


def _paint_sac(
    canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals, roots: RootTable
) -> None:
    canal = anatomy.canal
    v = points.v - canal.along(canal.center_v_mm, points.zeta)
    near = np.hypot(points.u, v) < 14.5
    if not near.any():
        return
    u = points.u[near]
    distance = _to_sac(anatomy, u, v[near], points.zeta[near])
    patch = canvas[near]
    over(patch, 0.45 * inside(distance - 0.3, points.blur_mm), tissue["fibrous"])
    water = inside(distance, points.blur_mm)
    over(patch, water, tissue["csf"] * anatomy.build.csf_flow)
    deep = distance < 0.3
    share = np.zeros(u.shape, np.float32)
    share[deep] = _root_share(roots, anatomy, points.where(near).where(deep))
    over(patch, share * water, tissue["root"])
    canvas[near] = patch


def sac_distance(anatomy: Anatomy, points: Points) -> Array:
    """Return the signed distance (mm) of points to the dural sac, negative inside."""
    v = points.v - anatomy.canal.along(anatomy.canal.center_v_mm, points.zeta)
    return _to_sac(anatomy, points.u, v, points.zeta)


def _to_sac(anatomy: Anatomy, u: Array, v: Array, zeta: Array) -> Array:
    """The same, from u and from v off the middle of the sac."""
    limit = anatomy.canal.sac_radius(np.arctan2(v, u), zeta)
    return np.asarray(np.hypot(u, v) - limit, np.float32)


def _root_share(roots: RootTable, anatomy: Anatomy, points: Points) -> Array:
    """Share of each point that lies in a root of the sac."""
    row = (points.zeta - anatomy.canal.zeta_mm[0]) / ZETA_STEP_MM
    row = np.clip(row, 0, len(anatomy.canal.zeta_mm) - 1.001)
    low = row.astype(np.int32)
    fraction = (row - low).astype(np.float32)
    share = np.zeros(points.u.shape, np.float32)
    for index, radius in enumerate(roots.radius_mm):
        u0, u1 = roots.center_mm[low, index, 0], roots.center_mm[low + 1, index, 0]
        v0, v1 = roots.center_mm[low, index, 1], roots.center_mm[low + 1, index, 1]
        du = points.u - (u0 + fraction * (u1 - u0))
        dv = points.v - (v0 + fraction * (v1 - v0))
        share += inside(np.sqrt(du * du + dv * dv) - radius, points.blur_mm)
    return np.minimum(share, 1)


def _paint_paths(canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals) -> None:
    """Paint the roots outside the sac: grey, in a thin sheath."""
    for pair in anatomy.paths:
        for path in pair:
            at = _along_path(path, points)
            if at is None:
                continue
            scale = np.hypot(at.du / at.a, at.dv / at.b)
            distance = ((scale - 1) * np.minimum(at.a, at.b)).astype(np.float32)
            patch = canvas[at.box]
            over(patch, 0.4 * inside(distance - 0.3, points.blur_mm), tissue["fibrous"])
            over(patch, inside(distance, points.blur_mm), tissue["root_extradural"])
            canvas[at.box] = patch


def _paint_sleeves(canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals) -> None:
    """Paint L3 to L5 at their discs: a motor and a sensory root in the sac's corner.

    They leave the sac below the disc; S1 has left it above its own.
    """
    for level, pair in zip(anatomy.canal.levels[:LOWEST], anatomy.paths[:LOWEST], strict=True):
        lowest = anatomy.disc_zeta(level.index) - SLEEVE_MM
        for path in pair:
            at = _along_path(path, points)
            if at is None:
                continue
            share = np.clip((points.zeta[at.box] - lowest) / 3, 0, 1)
            scale = np.hypot(at.du / at.a, at.dv / at.b)
            sleeve = ((scale - 1) * np.minimum(at.a, at.b)).astype(np.float32)
            patch = canvas[at.box]
            wet = (
                share * np.clip((at.b - 0.6) / 0.5, 0, 1) * inside(sleeve, points.blur_mm)
            )  # squeezed dry
            over(patch, wet, tissue["csf"] * anatomy.build.csf_flow)
            for sign in (1.0, -1.0):
                du, dv = at.du - sign * 0.42 * at.a, at.dv + sign * 0.3 * at.b
                size = 0.42 * np.minimum(at.a, at.b) + 0.1
                dot = (np.hypot(du, dv) - size).astype(np.float32)
                over(patch, share * inside(dot, points.blur_mm), 0.85 * tissue["root"])
            canvas[at.box] = patch


@dataclass(frozen=True)
class _OnPath:
    """Points in the box of a root: the box, how far from its middle, and its radii (mm)."""

    box: NDArray[np.bool_]
    du: Array
    dv: Array
    a: Array
    b: Array


def _along_path(path: RootPath, points: Points) -> _OnPath | None:
    """Return the points near a root, or None if there are none."""
    if path.zeta_mm[-1] < float(points.zeta.min()) or path.zeta_mm[0] > float(points.zeta.max()):
        return None
    reach = float(path.radius_u_mm.max()) + 2
    box = (points.u > path.u_mm.min() - reach) & (points.u < path.u_mm.max() + reach)
    box &= (points.v > path.v_mm.min() - reach) & (points.v < path.v_mm.max() + reach)
    box &= (points.zeta > path.zeta_mm[0]) & (points.zeta < path.zeta_mm[-1])
    if not box.any():
        return None
    zeta = points.zeta[box]
    u, v, a, b = (
        np.interp(zeta, path.zeta_mm, values).astype(np.float32)
        for values in (path.u_mm, path.v_mm, path.radius_u_mm, path.radius_v_mm)
    )
    return _OnPath(box, points.u[box] - u, points.v[box] - v, a, b)
