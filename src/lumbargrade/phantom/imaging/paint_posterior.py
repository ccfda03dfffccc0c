"""What lies behind the discs: epidural fat, pedicles, facets, laminae, spinous process, flavum.

The joints end where the person's shape says. A joint is an arc; the inferior process of the
vertebra above is the round inside of it, the superior process of the one below a thin shell
around it, and a lamina runs on from the inferior process to the spinous process: a Y.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.level import DiscLevel
from lumbargrade.phantom.imaging.paint import Array, Points, bone, capsule, inside, over

Signals = dict[str, float]

REACH_MM = 34.0
"""How far above and below its disc a level has bone."""
SAG_SHARE = 0.2
"""How far a joint bends, as a share of its length [design]."""
CARTILAGE_MM = 0.7
"""Half the width of a joint, from bone to bone."""
SHELL_MM = 4.6
"""Thickness of the superior process in its middle [design]."""
FORAMEN_U_MM, FORAMEN_EDGE_MM = 19.0, 8.0
"""Fat beside the canal ends here: muscle follows."""
FIBRES = 0.35
"""What the ligament's elastic part adds, as a share of muscle: on T2 it is not black."""
FAT_LAYER_MM = 1.9
"""Fat between lamina and muscle."""
BEND_MM = 0.9
"""How far bones are bent out of their plain shapes [design]."""
PROCESS_SHARE = 0.42
"""Depth of the inferior process behind its joint, as a share of the joint's length [design]."""
MELT_MM = 4.0
"""Over this width, lamina and inferior process run into each other."""


@dataclass(frozen=True)
class _Joint:
    """The arc of one joint, in (u away from the midline, v): mm and rad.

    ``chord`` is the middle of the straight line between its ends, ``back`` the direction across
    it towards the midline, ``length`` its length. ``middle`` is the direction of the middle of
    the arc from ``center``, ``half_rad`` half of the arc; ``lateral`` is +1 where the angle
    grows towards the lateral end.
    """

    center: tuple[float, float]
    radius: float
    chord: tuple[float, float]
    back: tuple[float, float]
    length: float
    middle: float
    half_rad: float
    lateral: float


def paint_posterior(
    canvas: Array, anatomy: Anatomy, points: Points, behind: Array, tissue: Signals
) -> None:
    """Paint epidural fat and everything behind the canal (in place).

    ``behind`` is what :func:`~lumbargrade.phantom.imaging.paint_spine.paint_column` returned
    for the same points.
    """
    canal, u, v, zeta = anatomy.canal, points.u, points.v, points.zeta
    back = (v - canal.wall(canal.back_mm, u, zeta)).astype(np.float32)
    space = np.maximum(back, -behind).astype(np.float32)
    # beside the canal it becomes sparse, and muscle follows
    sparse = inside((np.abs(u) - FORAMEN_U_MM).astype(np.float32), FORAMEN_EDGE_MM)
    over(canvas, inside(space, points.blur_mm) * sparse, tissue["fat"])
    around = (np.abs(u) < 42) & (v > -20)
    for index, level in enumerate(canal.levels):
        w = zeta - np.float32(anatomy.disc_zeta(index))
        near = (np.abs(w) < REACH_MM) & around
        if not near.any():
            continue
        local, patch = _bent(points.where(near), anatomy.build.texture_phase), canvas[near]
        _paint_level(patch, level, _Place(local, w[near], back[near], behind[near]), tissue)
        canvas[near] = patch


def _bent(points: Points, phase: tuple[float, float, float]) -> Points:
    """Move points by a smooth field of the patient's own, so that no bone is a circle."""
    u, v, w = points.u, points.v, 0.12 * points.zeta
    a, b, c = phase
    along = np.sin(u / 6.5 + v / 11 + w + a) + 0.6 * np.sin(u / 3.6 - v / 4.4 - w + 2 * b)
    across = np.sin(v / 6.0 - u / 9.5 + w + c) + 0.6 * np.sin(v / 3.4 + u / 4.1 + w + 3 * a)
    return replace(
        points,
        u=(u + BEND_MM * along).astype(np.float32),
        v=(v + BEND_MM * across).astype(np.float32),
    )


@dataclass(frozen=True)
class _Place:
    """Points near a level: height over its disc, how far behind canal wall and column (mm)."""

    points: Points
    w: Array
    inner: Array
    behind: Array

    def where(self, mask: NDArray[np.bool_]) -> _Place:
        return _Place(self.points.where(mask), self.w[mask], self.inner[mask], self.behind[mask])


def _paint_level(canvas: Array, level: DiscLevel, place: _Place, tissue: Signals) -> None:
    _paint_pedicles(canvas, level, place, tissue)
    for side, sign in enumerate((1.0, -1.0)):
        own = sign * place.points.u > -1.0
        if own.any():
            patch = canvas[own]
            _paint_side(patch, level, side, place.where(own), tissue)
            canvas[own] = patch
    _paint_spinous(canvas, level, place, tissue)
    _paint_flavum(canvas, level, place, tissue)


def _paint_pedicles(canvas: Array, level: DiscLevel, place: _Place, tissue: Signals) -> None:
    """Pedicles of the vertebra below."""
    u, half = np.abs(place.points.u), level.canal_width / 2
    pedicle = np.hypot((u - half - 4.8) / 5.0, (place.w + 15.5) / 7.5) - 1
    distance = np.maximum(pedicle * 5.0, np.abs(place.points.v - 4) - 11)
    bone(canvas, np.asarray(distance, np.float32), place.points.blur_mm, 0.9 * tissue["marrow"])


def roof(level: DiscLevel) -> float:
    """``v`` of the back of the flavum in the midline."""
    here = np.zeros(1)
    return float(level.back_wall(here, here)[0]) + level.flavum_thickness


def joint_arc(level: DiscLevel, side: int) -> _Joint:
    """Return the arc of a joint through both of its ends, bent round the inferior process."""
    sign = 1.0 if side == 0 else -1.0
    ends = level.shape.joint(side) * [sign, 1.0]
    chord = ends[1] - ends[0]
    length = max(float(np.hypot(*chord)), 6.0)
    along = chord / np.hypot(*chord)
    back = np.array([-along[1], along[0]])  # towards the midline and the back
    sag = SAG_SHARE * length
    radius = length**2 / (8 * sag) + sag / 2
    chord_middle = ends.mean(axis=0)
    center = chord_middle + (radius - sag) * back
    start, end = (np.arctan2(*(one - center)[::-1]) for one in ends)
    turn = float(np.angle(np.exp(1j * (end - start))))
    return _Joint(
        center=(float(center[0]), float(center[1])),
        radius=float(radius),
        chord=(float(chord_middle[0]), float(chord_middle[1])),
        back=(float(back[0]), float(back[1])),
        length=length,
        middle=float(start + turn / 2),
        half_rad=abs(turn) / 2,
        lateral=float(np.sign(turn)),
    )


def _paint_side(canvas: Array, level: DiscLevel, side: int, place: _Place, tissue: Signals) -> None:
    """Fat layer, superior process, lamina with inferior process, and the joint of one side."""
    joint, blur = joint_arc(level, side), place.points.blur_mm
    u, v, w = place.points.u * (1.0 if side == 0 else -1.0), place.points.v, place.w
    du, dv = u - joint.center[0], v - joint.center[1]
    rho = np.hypot(du, dv)
    off = joint.lateral * np.angle(np.exp(1j * (np.arctan2(dv, du) - joint.middle)))
    covered = np.where(u < level.shape.joint(side)[0, 0] * (1 if side == 0 else -1) + 1, 1.0, 0.3)
    free = covered * 0.8 * level.flavum_thickness - place.inner
    swollen = 0.35 * level.narrowing
    shell = _shell(joint, rho, off, SHELL_MM + swollen)
    superior = np.maximum.reduce([shell, np.abs(w + 5) - 13.0, free, 0.6 - place.behind])
    deep = (u - joint.chord[0]) * joint.back[0] + (v - joint.chord[1]) * joint.back[1]
    limit = deep - PROCESS_SHARE * joint.length - 2.0 - swollen
    plump = -_melted(joint.radius - CARTILAGE_MM - rho, -limit)  # a blunt corner
    process = np.maximum(plump, np.abs(w - 2) - 13.0)
    start = (joint.chord[0] + 3.5 * joint.back[0], joint.chord[1] + 3.5 * joint.back[1])
    root = (0.0, roof(level) + 4.2)
    lamina = np.maximum(capsule(u, v, start, root) - 3.4, np.abs(w - 6) - 12.0)
    arch = np.maximum(_melted(process, lamina), free).astype(np.float32)
    axis = np.interp(u, [0.0, max(start[0], 1.0)], [root[1], start[1]])
    hollow = np.maximum.reduce([v - axis, free, u - start[0], np.abs(w) - 12.0])
    between = 0.6 * tissue["muscle"] + 0.1 * tissue["fat"]
    over(canvas, inside(hollow.astype(np.float32), blur), between)
    patchy = FAT_LAYER_MM * np.clip(
        1.0 + 0.9 * np.sin(u / 4.7 + w / 5 + side) * np.sin(v / 6), 0, 2
    )
    layer = np.maximum(np.abs(arch - 0.5 * patchy) - patchy / 2, axis - v)
    bright = np.clip(level.foramen / 4.0, 0.4, 0.95)  # lean people have little fat here, too
    over(canvas, bright * inside(layer.astype(np.float32), 1.2), tissue["fat"])
    marrow = 0.8 * tissue["marrow"]
    bone(canvas, superior.astype(np.float32), blur, marrow)
    bone(canvas, arch, blur, marrow)
    beyond = (np.abs(off) - 1.05 * joint.half_rad) * joint.radius
    cleft = np.maximum.reduce([np.abs(rho - joint.radius), beyond, np.abs(w + 1) - 9.0, free])
    over(canvas, inside((cleft - CARTILAGE_MM).astype(np.float32), blur), tissue["cartilage"])
    fluid = 0.15 + 0.1 * level.prior.degeneration
    over(canvas, 0.8 * inside((cleft - fluid).astype(np.float32), blur), tissue["joint_fluid"])


def _melted(first: Array, second: Array) -> Array:
    """Union of two shapes by their signed distances, without a crease between them."""
    share = np.clip(0.5 + 0.5 * (second - first) / MELT_MM, 0, 1)
    return np.asarray(second + (first - second) * share - MELT_MM * share * (1 - share))


def _shell(joint: _Joint, rho: Array, off: Array, thickness_mm: float) -> Array:
    """Signed distance to the superior process: a shell, thin at its medial tip."""
    share = np.clip((off + 0.2 * joint.half_rad) / (1.3 * joint.half_rad), -1.5, 1.5)
    thick = thickness_mm * np.sqrt(np.clip(1 - share**2, 0, 1)) + 0.4
    start = joint.radius + CARTILAGE_MM
    ends = (np.abs(share) - 1) * 1.3 * joint.half_rad * joint.radius
    return np.asarray(np.maximum.reduce([start - rho, rho - start - thick, ends]))


def _paint_spinous(canvas: Array, level: DiscLevel, place: _Place, tissue: Signals) -> None:
    """The spinous process of the vertebra above, thicker behind."""
    u, v = place.points.u, place.points.v
    start = roof(level) + 4.0
    lean = level.facet_half_line * 0.06 * np.sin(level.foramen * 5)  # none stands quite upright
    axis = capsule(u, v, (0.0, start), (lean, start + 26.0))
    width = 2.6 + 1.8 * np.clip((v - start - 14) / 10, 0, 1)
    free = 0.8 * level.flavum_thickness - place.inner
    spinous = np.maximum.reduce([axis - width, np.abs(place.w - 3) - 12.5, free])
    bone(canvas, spinous.astype(np.float32), place.points.blur_mm, 0.85 * tissue["marrow"])


def _paint_flavum(canvas: Array, level: DiscLevel, place: _Place, tissue: Signals) -> None:
    """The ligament on the inner surface of the back wall, from the midline to the joints."""
    thickness = level.flavum_thickness * np.clip(1.25 - np.abs(place.w + 1) / 16, 0.3, 1)
    # it thins out towards the capsule of the joint
    u = np.abs(place.points.u)
    thickness = thickness * np.clip(1.4 - u / (1.6 * level.facet_half_line), 0.15, 1)
    band = np.maximum.reduce(
        [
            -place.inner,
            place.inner - thickness,
            u - level.facet_half_line - 3.0,
            np.abs(place.w + 1) - 11.0,
        ]
    )
    value = tissue["flavum"] + FIBRES * tissue["muscle"]
    over(canvas, inside(band.astype(np.float32), place.points.blur_mm), value)
