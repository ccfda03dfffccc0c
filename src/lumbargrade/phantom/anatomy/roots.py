"""Nerve roots: the cauda equina in the sac, traversing and exiting roots outside it.

Inside the sac, positions are found at knots along the canal and run linearly between
them, so that neighbouring slices show the same roots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.phantom.anatomy.canal import Canal
from lumbargrade.phantom.anatomy.cauda import root_radii
from lumbargrade.phantom.anatomy.level import DiscLevel
from lumbargrade.phantom.anatomy.priors import LEVEL_COUNT, level_table
from lumbargrade.phantom.anatomy.root_packing import Habit, Roots, confine, pack, rim_of, towards
from lumbargrade.phantom.anatomy.spine import Spine, plane_of_level

Values = NDArray[np.floating[Any]]

KNOT_OFFSETS_MM = (-16.0, -7.0, -3.5, 0.0, 3.5, 7.0)
SHOULDER_MM = 8.0
"""Height over the disc at which the traversing root leaves the sac."""


@dataclass(frozen=True)
class SacRoots:
    """Roots inside the sac.

    Attributes
    ----------
    zeta_mm : (knots,) upward.
    position : (knots, roots, 2) in units of the sac's radius in that direction.
    radius_mm : (roots,).
    exits_below : (roots,) index of the level (0 = L1/2) at whose disc the root has
        already left the sac; it is inside only above that disc.
    """

    zeta_mm: Values
    position: Values
    radius_mm: Values
    exits_below: NDArray[np.int64]


@dataclass(frozen=True)
class RootPath:
    """A root outside the sac: centre (u, v) and radii (u, v) in mm along ``zeta_mm``."""

    zeta_mm: Values
    u_mm: Values
    v_mm: Values
    radius_u_mm: Values
    radius_v_mm: Values


def build_sac_roots(
    spine: Spine, canal: Canal, area_scale: float, rng: np.random.Generator
) -> SacRoots:
    """Arrange the roots of the cauda equina at every knot, top to bottom."""
    radius, order, side = root_radii(area_scale)
    habit = draw_habit(order, side, rng)
    natural = level_table()["root_clearance_mm"] * rng.normal(1.0, 0.05, LEVEL_COUNT).clip(0.9, 1.1)
    seeds = np.stack([rng.uniform(-0.4, 0.4, LEVEL_COUNT), rng.uniform(0.1, 0.5, LEVEL_COUNT)], 1)
    # roots of the lower levels lie medial and dorsal; the next to leave lies lateral
    current = np.stack([side * (0.75 - 0.07 * order), np.full(len(radius), 0.45)], axis=1)
    current += rng.normal(0, 0.12, current.shape)
    zetas, positions = [], []
    for level in canal.levels:
        disc = float(spine.zeta_mm[plane_of_level(level.index)])
        for offset in KNOT_OFFSETS_MM[::-1]:
            inside = order >= level.index if offset > SHOULDER_MM else order > level.index
            own = habit.of(inside)
            here = Roots(radius[inside], float(natural[level.index]), seeds[level.index], own)
            current = current.copy()
            current[inside] = pack(canal, disc + offset, current[inside], here)
            zetas.append(disc + offset)
            positions.append(current)
    ascending = np.argsort(zetas)
    return SacRoots(np.array(zetas)[ascending], np.array(positions)[ascending], radius, order)


def draw_habit(order: NDArray[np.int64], side: Values, rng: np.random.Generator) -> Habit:
    """Draw how a person's roots lie where they have room: spread or grouped, medial or lateral."""
    groups = int(rng.integers(3, 12))
    group = np.where(side > 0, 0, groups) + (order * groups // 10 + rng.integers(0, 2, len(order)))
    lateral = rng.uniform(0.0, 0.9) * side
    back = rng.uniform(0.6, 1.1, len(order))
    within, between = float(rng.uniform(0.0, 0.5)), float(rng.uniform(0.2, 1.0))
    return Habit(group, within, max(within, between), np.stack([lateral, back], axis=1))


def exited_level(spine: Spine, zeta: float) -> int:
    """Index of the lowest level (0 = L1/2) whose traversing root has left the sac at ``zeta``."""
    shoulders = [spine.zeta_mm[plane_of_level(index)] + SHOULDER_MM for index in range(5)]
    return int(sum(zeta <= shoulder for shoulder in shoulders)) - 1


def sac_roots_at(roots: SacRoots, canal: Canal, zeta: float, level: int) -> tuple[Values, Values]:
    """Return centres (n, 2) in (u, v) mm and radii (n,) of the roots in the sac at ``zeta``.

    ``level`` is the disc level (0 = L1/2) whose traversing root has already left.
    """
    inside = roots.exits_below > level
    high = int(np.clip(np.searchsorted(roots.zeta_mm, zeta), 1, len(roots.zeta_mm) - 1))
    span = roots.zeta_mm[high] - roots.zeta_mm[high - 1]
    share = np.clip((zeta - roots.zeta_mm[high - 1]) / span, 0, 1)
    position = (1 - share) * roots.position[high - 1] + share * roots.position[high]
    position, radius = position[inside], roots.radius_mm[inside]
    rim = rim_of(canal, zeta)
    point = confine(rim, position * towards(rim, position)[:, None], radius)
    center = float(canal.along(canal.center_v_mm, np.array([zeta]))[0])
    return point + np.array([0.0, center]), radius


def nominal_course(level: DiscLevel, side: int, w: Values) -> tuple[Values, Values, Values]:
    """Return ``u`` (unsigned), ``v`` and radius (mm) of an undisturbed traversing root.

    From the shoulder above the disc through the recess and under the pedicle to the
    foramen of the next disc below; ``w`` is the height over the disc plane in mm.
    """
    a, top = level.prior.root_radius_mm, level.root_v(side)
    knots_w = [-50, -38, -30, -17, -8, 0, 6, 11]
    knots_u = level.root_u + np.array([21, 14, 9, 4.5, 1.2, 0, -0.8, 0])
    knots_u[-1] = 0.72 * level.sac_half_width
    knots_v = [-13, -3.5, 1.5, top, top, top, top + 0.3, top + 1.4]
    knots_a = a * np.array([1.5, 1.5, 1.9, 1.15, 1, 1, 1, 0.9])
    u, v, radius = (np.interp(w, knots_w, knots) for knots in (knots_u, knots_v, knots_a))
    return u, v, radius


def root_path(spine: Spine, level: DiscLevel, side: int) -> RootPath:
    """Course of the root that traverses a level, where disc and wall have put it.

    ``side`` is 0 for the left, 1 for the right.
    """
    sign = 1.0 if side == 0 else -1.0
    zeta = float(spine.zeta_mm[plane_of_level(level.index)])
    w = np.arange(-50.0, 11.1, 0.5)
    u, v, radius = nominal_course(level, side, w)
    near = np.abs(w) < 12
    front, wall = level.ventral_wall(sign * u, w), level.back_wall(sign * u, w)
    pushed = np.where(near, np.maximum(v, front + radius), v)
    squeezed = near & (pushed + radius > wall)
    radius_v = np.where(squeezed, np.clip((wall - front) / 2, 0.35, radius), radius)
    pushed = np.where(squeezed, np.maximum((front + wall) / 2, front + radius_v), pushed)
    radius_u = np.minimum(radius**2 / radius_v, 2.4 * radius)  # an ellipse of the same area
    return RootPath(zeta + w, sign * u, pushed, radius_u, radius_v)
