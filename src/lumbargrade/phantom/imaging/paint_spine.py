"""Vertebral bodies and discs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.disc import disc_signal
from lumbargrade.phantom.imaging.paint import Array, Points, bone, inside, over, texture

Signals = dict[str, float]


@dataclass(frozen=True)
class Column:
    """Where points lie relative to the vertebral column; arrays of the points' shape, mm.

    Attributes
    ----------
    outline : signed distance to the outline of the disc or body, negative inside.
    behind : how far behind it; displaced disc material belongs to it.
    lateral : how far beside it.
    nearest, w : index of the nearest disc, L5/S1 first, and the height above its plane.
    depth_share : -1 at the front, 1 at the back; half_width : of the disc.
    """

    outline: Array
    behind: Array
    lateral: Array
    nearest: Array
    w: Array
    depth_share: Array
    half_width: Array


def column_of(anatomy: Anatomy, points: Points) -> Column:
    """Return where points lie; the disc's back margin comes from the canal table."""
    canal, zeta = anatomy.canal, points.zeta
    centers = np.array([anatomy.disc_zeta(i) for i in range(4, -1, -1)])
    levels = canal.levels[::-1]

    def along(name: str) -> Array:
        values = [getattr(level, name) for level in levels]
        return np.asarray(np.interp(zeta, centers, values), np.float32)

    half_width, depth = along("disc_width") / 2, along("disc_depth")
    nearest = np.abs(zeta[..., None] - centers).argmin(axis=-1)
    w = zeta - centers[nearest].astype(np.float32)
    height = _heights(anatomy)[nearest]
    waist = 0.09 * np.clip((np.abs(w) - height / 2) / 8, 0, 1)
    depth_share = (points.v + depth / 2) / (depth / 2)
    shape = _power_2_5(points.u / (half_width * (1 - waist))) + _power_2_5(depth_share)
    rim = (shape ** np.float32(0.4) - 1) * depth / 2
    behind = points.v - canal.wall(canal.ventral_mm, points.u, zeta)
    # in front of the middle the outline rules; behind it, the front wall of the canal
    lateral = (np.abs(points.u) - half_width * (1 - waist)) * 0.9
    outline = np.where(
        points.v > -depth / 2,
        np.maximum(
            np.maximum(behind, lateral), np.where(np.abs(points.u) > 0.55 * half_width, rim, -9)
        ),
        rim,
    ).astype(np.float32)
    return Column(outline, behind, lateral, nearest, w, depth_share, half_width)


def paint_column(canvas: Array, anatomy: Anatomy, points: Points, tissue: Signals) -> Array:
    """Paint vertebral bodies and discs; return how far (mm) each point lies behind them."""
    column, blur = column_of(anatomy, points), points.blur_mm
    outline, behind, w = column.outline, column.behind, column.w
    phase = anatomy.build.texture_phase
    coarse = texture(points, phase, 14.0)
    mottle = 1 + 0.14 * coarse + 0.16 * texture(points, phase, 3.5)
    bone(canvas, outline, blur, tissue["marrow"] * mottle)
    thin = np.abs(w) - _half_height(anatomy, column) + 0.9 * coarse
    # end-plates lie along the slice: between two layers of it they fade from one to the other
    edge = max(blur, points.through_mm)
    over(canvas, 0.85 * inside(outline, blur) * inside(thin - 0.8, edge), 0.02)
    disc = inside(outline, blur) * inside(thin, edge)
    hit = disc > 0
    if hit.any():
        frame = (column.nearest[hit], column.depth_share[hit], column.half_width[hit], outline[hit])
        patch = canvas[hit]
        over(patch, disc[hit], disc_signal(anatomy, points.where(hit), tissue, frame))
        canvas[hit] = patch
    beyond = _displaced(anatomy, points, column.nearest, w)
    fresh = 0.35 * tissue["extrusion"] + 0.65 * tissue["annulus_4"]
    over(canvas, inside(behind, blur) * beyond, fresh)
    rim_band = inside(np.abs(behind + 0.2) - 0.45, blur) * inside(column.lateral, 1.0)
    over(canvas, rim_band * np.maximum(disc, 0.6 * beyond), tissue["fibrous"])
    return behind


def _heights(anatomy: Anatomy) -> Array:
    """Height of the discs, L5/S1 first."""
    return np.array([level.disc_height for level in anatomy.canal.levels[::-1]], np.float32)


def _half_height(anatomy: Anatomy, column: Column) -> Array:
    """Half the height of the disc at points: end-plates are concave, thinner at rim and back."""
    height = _heights(anatomy)[column.nearest]
    side = np.clip(column.lateral / (0.9 * column.half_width) + 1, 0, 1.2)
    back, front = _thinning(column.depth_share)
    shape = (1 - back) * (1 - 0.24 * side * side * side) - front
    return np.asarray(height / 2 * shape, np.float32)


def disc_half_shares(depth_shares: Sequence[float]) -> Array:
    """Share of a disc's half height in the midline, where the depth is -1 (front) to 1 (back)."""
    back, front = _thinning(np.asarray(depth_shares))
    return np.asarray(1 - back - front)


def _thinning(depth_share: Array) -> tuple[Array, Array]:
    back = np.clip(depth_share - 0.1, 0, 1.2)
    front = np.clip(-depth_share - 0.4, 0, 1)
    return 0.28 * back * back, 0.2 * front * front


def _power_2_5(values: Array) -> Array:
    """|values| ** 2.5; NumPy's own power takes several times as long."""
    size = np.abs(values)
    return np.asarray(size * size * np.sqrt(size))


def _displaced(anatomy: Anatomy, points: Points, nearest: Array, w: Array) -> Array:
    """Share of disc material that a herniation has put behind the disc's base margin."""
    share = np.zeros(points.u.shape, np.float32)
    for position, level in enumerate(anatomy.canal.levels[::-1]):
        prior = level.prior
        if prior.herniation_ratio < 0.02:
            continue
        here = (nearest == position) & (points.v > -level.disc_depth / 2)
        here &= np.abs(points.u - prior.herniation_u_mm) < prior.herniation_half_width_mm
        if here.any():
            beyond = level.displacement(points.u[here], w[here])
            start = points.v[here] - level.base_margin(points.u[here])
            share[here] = (beyond > 0.3) * np.clip(start + 0.5, 0, 1)
    return share
