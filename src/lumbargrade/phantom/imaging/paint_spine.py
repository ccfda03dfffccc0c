"""Vertebrae, discs, posterior elements and the contents of the canal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.level import DiscLevel
from lumbargrade.phantom.imaging.disc import disc_signal
from lumbargrade.phantom.imaging.paint import Array, Points, bone, capsule, inside, over, texture

Signals = dict[str, float]

END_PLATE_BLUR_MM = 1.2


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
    # the end-plate is oblique to any slice: it fades over more than a pixel
    edge = max(blur, END_PLATE_BLUR_MM)
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
    back = np.clip(column.depth_share - 0.1, 0, 1.2)
    side = np.clip(column.lateral / (0.9 * column.half_width) + 1, 0, 1.2)
    front = np.clip(-column.depth_share - 0.4, 0, 1)
    shape = (1 - 0.28 * back * back) * (1 - 0.24 * side * side * side) - 0.2 * front * front
    return np.asarray(height / 2 * shape, np.float32)


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


def paint_posterior(
    canvas: Array, anatomy: Anatomy, points: Points, behind: Array, tissue: Signals
) -> None:
    """Paint epidural fat, flavum, pedicles, laminae, spinous processes and facets.

    ``behind`` is what :func:`paint_column` returned for the same points.
    """
    canal, u, v, zeta = anatomy.canal, points.u, points.v, points.zeta
    back = v - canal.wall(canal.back_mm, u, zeta)
    space = np.maximum(np.maximum(back, -behind), np.abs(u) - 24).astype(np.float32)
    over(canvas, inside(space, points.blur_mm), tissue["fat"])
    for index, level in enumerate(canal.levels):
        w = zeta - np.float32(anatomy.disc_zeta(index))
        near = np.abs(w) < 34
        if not near.any():
            continue
        local, inner = points.where(near), back[near].astype(np.float32)
        patch = canvas[near]
        _paint_arch(patch, level, local, w[near], inner, tissue)
        _paint_facets(patch, level, local, w[near], inner, tissue)
        _paint_flavum(patch, level, local, w[near], inner, tissue)
        canvas[near] = patch


def _paint_arch(
    canvas: Array, level: DiscLevel, points: Points, w: Array, inner: Array, tissue: Signals
) -> None:
    """Pedicles of the vertebra below; lamina and spinous process of the one above."""
    u, v = np.abs(points.u), points.v
    marrow = 0.85 * tissue["marrow"]
    half = level.canal_width / 2
    pedicle = np.maximum.reduce(
        [np.abs(u - half - 4.5) - 4.5, np.abs(w + 15.5) - 6.5, np.abs(v - 4) - 11]
    )
    bone(canvas, np.asarray(pedicle, np.float32), points.blur_mm, marrow)
    slope = 0.25 * (w - 8)
    center = level.canal_depth + 3.8 - 0.42 * u + slope * 0.25
    lamina = np.maximum.reduce(
        [np.abs(v - center) - 3.4, np.abs(w - 8) - 11.5, u - 15.0, 0.6 - inner]
    )
    bone(canvas, np.asarray(lamina, np.float32), points.blur_mm, marrow)
    spinous = np.maximum.reduce(
        [
            u - 3.2 - 1.2 * np.clip((v - level.canal_depth - 22) / 8, 0, 1),
            np.abs(v - level.canal_depth - 18) - 14,
            np.abs(w - 2) - 12,
        ]
    )
    bone(canvas, np.asarray(spinous, np.float32), points.blur_mm, marrow)


def _paint_facets(
    canvas: Array, level: DiscLevel, points: Points, w: Array, inner: Array, tissue: Signals
) -> None:
    """Superior process (front, lateral) and inferior process (back, medial) of both sides."""
    u, v, blur = np.abs(points.u), points.v, points.blur_mm
    angle = level.facet_angle_rad
    along, across = (np.sin(angle), np.cos(angle)), (np.cos(angle), -np.sin(angle))
    start = (level.facet_half_line, level.facet_line_v)

    def at(length: float, offset: float) -> tuple[float, float]:
        return (
            float(start[0] + length * along[0] + offset * across[0]),
            float(start[1] + length * along[1] + offset * across[1]),
        )

    fade = np.maximum(np.abs(w + 1) - 10.0, 0.8 - inner).astype(np.float32)
    swollen = 0.7 * level.narrowing
    marrow = 0.75 * tissue["marrow"]
    superior = capsule(u, v, at(2, 4.6), at(11, 4.6)) - 3.9 - swollen
    inferior = capsule(u, v, at(3, -4.4), at(12, -4.4)) - 3.8 - swollen
    for process in (superior, inferior):
        bone(canvas, np.maximum(process, fade), blur, marrow)
    joint = capsule(u, v, at(0.4, 0), at(13, 0))
    shown = inside(fade, blur)
    over(canvas, shown * inside(joint - 1.3, blur), tissue["cartilage"])
    fluid = 0.35 + 0.12 * level.prior.degeneration
    over(canvas, shown * inside(joint - fluid, blur), tissue["joint_fluid"])


def _paint_flavum(
    canvas: Array, level: DiscLevel, points: Points, w: Array, inner: Array, tissue: Signals
) -> None:
    """The ligament between the laminae, on the inner surface of the back wall."""
    thickness = level.flavum_thickness * np.clip(1.25 - np.abs(w + 1) / 16, 0.3, 1)
    half = np.maximum(level.facet_half_line, level.root_u) + 3.0
    band = np.maximum.reduce(
        [-inner, inner - thickness, np.abs(points.u) - half, np.abs(w + 1) - 11.0]
    )
    over(canvas, inside(np.asarray(band, np.float32), points.blur_mm), tissue["flavum"])
