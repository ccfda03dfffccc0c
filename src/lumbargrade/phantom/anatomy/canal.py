"""The spinal canal along the whole spine, as tables over ``zeta``.

Levels blend into each other between the discs. The dural sac is star-shaped around its
centre line: its radius is tabulated over ``zeta`` and the angle, after the front wall
(disc), the back wall (flavum, facets) and the epidural fat have had their say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lumbargrade.phantom.anatomy.level import ANGLES, DiscLevel
from lumbargrade.phantom.anatomy.spine import Spine, plane_of_level

Values = NDArray[np.floating[Any]]

U_GRID = np.linspace(-32, 32, 129)
RADII = np.linspace(0.3, 14.5, 36)
ZETA_STEP_MM = 1.0
MOST_NARROWING = 3.4
"""Flavum of about 10 mm and facets to match [design]."""
WIDEST = -1.2
"""A canal that is wider than most, for a person whose sac is."""
SAC_CLEARANCE_MM = 0.45
"""Dura and a film of fat between the sac's CSF and the walls of the canal."""


@dataclass(frozen=True)
class Canal:
    """Tables over ``zeta_mm`` (n,): walls (n, 129) over ``U_GRID``, sac (n, 64) over ``ANGLES``.

    ``radius_mm[i, j]`` is the sac's radius at angle j (0 = patient's left, pi/2 = back)
    around (0, ``center_v_mm[i]``).
    """

    levels: tuple[DiscLevel, ...]
    zeta_mm: Values
    ventral_mm: Values
    back_mm: Values
    center_v_mm: Values
    radius_mm: Values

    def sac_radius(self, angle: Values, zeta: Values) -> Values:
        """Interpolate the sac's radius at angles (rad) and ``zeta`` (mm)."""
        return interpolate_table(
            self.radius_mm,
            (zeta - self.zeta_mm[0]) / ZETA_STEP_MM,
            np.mod(angle, 2 * np.pi) / (2 * np.pi) * len(ANGLES),
            wrap=True,
        )

    def wall(self, table: Values, u: Values, zeta: Values) -> Values:
        """Interpolate ``ventral_mm`` or ``back_mm`` at ``u`` and ``zeta`` (mm)."""
        step = U_GRID[1] - U_GRID[0]
        return interpolate_table(
            table, (zeta - self.zeta_mm[0]) / ZETA_STEP_MM, (u - U_GRID[0]) / step
        )

    def along(self, values: Values, zeta: Values) -> Values:
        """Interpolate one value per ``zeta``."""
        return np.interp(zeta, self.zeta_mm, values)


def interpolate_table(table: Values, row: Values, column: Values, wrap: bool = False) -> Values:
    """Bilinear look-up in a table at fractional rows and columns; edges are held."""
    rows, columns = table.shape
    row = np.clip(row, 0, max(rows - 1.001, 0))
    if not wrap:
        column = np.clip(column, 0, columns - 1.001)
    r0, c0 = row.astype(np.int32), column.astype(np.int32)
    # kept in the precision of the query: the painter asks in float32
    fr, fc = row - r0.astype(row.dtype), column - c0.astype(column.dtype)
    c1 = c0 + 1
    if wrap:
        c0, c1 = c0 % columns, c1 % columns
    flat = table.ravel().astype(np.result_type(row, column), copy=False)
    r1 = np.minimum(r0 + 1, rows - 1) * columns
    r0 = r0 * columns
    top = flat[r0 + c0] * (1 - fc) + flat[r0 + c1] * fc
    bottom = flat[r1 + c0] * (1 - fc) + flat[r1 + c1] * fc
    return np.asarray(top * (1 - fr) + bottom * fr)


def build_canal(spine: Spine, levels: tuple[DiscLevel, ...]) -> Canal:
    """Fit each level's narrowing to its sac area, then tabulate the canal."""
    fitted = tuple(_fit_narrowing(level) for level in levels)
    zeta = np.arange(spine.zeta_mm[0] - 5, spine.zeta_mm[-1] + 5, ZETA_STEP_MM)
    planes = np.array([plane_of_level(level.index) for level in fitted])
    centers = spine.zeta_mm[planes]
    weights, offsets = _blend(zeta, centers)
    ventral, back = np.zeros((len(zeta), len(U_GRID))), np.zeros((len(zeta), len(U_GRID)))
    sac = np.zeros((len(zeta), 1 + len(ANGLES)))
    for index, level in enumerate(fitted):
        share, w = weights[:, index : index + 1], offsets[:, index : index + 1]
        ventral += share * level.ventral_wall(U_GRID[None], w)
        back += share * level.back_wall(U_GRID[None], w)
        sac += share * _template(level)
    # the sac tapers in the sacrum and ends at S2
    taper = np.clip(1.0 + (zeta - centers[-1] + 6) / 62.0, 0.08, 1.0)
    sac[:, 1:] *= np.sqrt(taper)[:, None]
    center, radius = _sac(ventral, back, sac)
    tables = (ventral, back, center, gaussian_filter1d(radius, 1.2, axis=0))
    return Canal(fitted, zeta, *tables)


def _blend(zeta: Values, centers: Values) -> tuple[Values, Values]:
    """Weight of every level at each zeta, and the distance to its disc plane."""
    offsets = zeta[:, None] - centers[None, :]
    order = np.argsort(centers)
    position = np.interp(zeta, centers[order], np.arange(len(order)))
    # each level rules within a third of the way to its neighbours
    share = np.clip((np.mod(position, 1.0) - 0.33) / 0.34, 0, 1)
    low = np.minimum(position.astype(int), len(order) - 1)
    high = np.minimum(low + 1, len(order) - 1)
    weights = np.zeros_like(offsets)
    rows = np.arange(len(zeta))
    weights[rows, order[low]] += 1 - share
    weights[rows, order[high]] += share
    return weights, offsets


def _template(level: DiscLevel) -> Values:
    """Middle (v) and radii (angles,) of a level's sac before anything pushes it."""
    return np.array([level.shape.sac_v, *(level.sac_scale * level.shape.sac_radius(ANGLES))])


def _sac(ventral: Values, back: Values, template: Values) -> tuple[Values, Values]:
    """Centre line (n,) and radius (n, angles) of the sac between two walls.

    ``template`` (n, 1 + angles) is the sac as it would like to be; a disc that comes from the
    front pushes it back first, and flattens it where there is no room behind.
    """
    middle, radii = template[:, 0], template[:, 1:]
    reach = radii * np.sin(ANGLES)
    free_front, free_rear = middle + reach.min(axis=1), middle + reach.max(axis=1)
    center_part = np.abs(U_GRID) <= 4
    front = np.maximum(ventral[:, center_part].mean(axis=1) + SAC_CLEARANCE_MM, free_front)
    roof = back[:, np.abs(U_GRID) < 0.1].mean(axis=1) - 0.9
    rear = np.maximum(np.minimum(front + free_rear - free_front, roof), front + 2.0)
    squeeze = (free_rear - free_front) / (rear - front)
    center = front + (middle - free_front) / squeeze
    u, down = _SAC_U, _SAC_DOWN
    v = center[:, None, None] + down
    stretched = down * squeeze[:, None, None]
    turn = np.mod(np.arctan2(stretched, u), 2 * np.pi) / (2 * np.pi) * len(ANGLES)
    inside = np.minimum.reduce(
        [
            _at_rows(radii, turn, wrap=True) - np.hypot(u, stretched),
            v - _at_rows(ventral, _SAC_COLUMN) - SAC_CLEARANCE_MM,
            _at_rows(back, _SAC_COLUMN) - SAC_CLEARANCE_MM - v,
        ]
    )
    return center, gaussian_filter1d(_first_crossing(inside), 0.8, axis=1, mode="wrap")


_SAC_U = RADII[None, None] * np.cos(ANGLES)[None, :, None]
_SAC_DOWN = RADII[None, None] * np.sin(ANGLES)[None, :, None]
_SAC_COLUMN = (_SAC_U - U_GRID[0]) / (U_GRID[1] - U_GRID[0])


def _at_rows(table: Values, column: Values, wrap: bool = False) -> Values:
    """Do what ``interpolate_table`` does at row i of ``column`` (rows or 1, ...) and of ``table``,
    whose rows need no mixing then; several times as fast.
    """
    rows, columns = table.shape
    if not wrap:
        column = np.clip(column, 0, columns - 1.001)
    low = column.astype(np.int32)
    share, high = column - low, low + 1
    if wrap:
        low, high = low % columns, high % columns
    if len(column) == 1:
        found = table[:, low[0]] * (1 - share) + table[:, high[0]] * share
    else:
        start = (np.arange(rows, dtype=np.int32) * columns)[:, None, None]
        flat = table.ravel()
        found = flat[start + low] * (1 - share) + flat[start + high] * share
    if rows > 1:
        # The edge is held there: a trace of the row before is mixed into the last one.
        found[-1] = interpolate_table(table, np.full_like(column[-1], rows - 1), column[-1], wrap)
    return np.asarray(found)


def _first_crossing(inside: Values) -> Values:
    """Radius at which ``inside`` (..., radii) first turns negative, linearly refined."""
    outside = inside < 0
    first = np.where(outside.any(axis=-1), outside.argmax(axis=-1), len(RADII) - 1)
    before = np.maximum(first - 1, 0)
    high = np.take_along_axis(inside, before[..., None], axis=-1)[..., 0]
    low = np.take_along_axis(inside, first[..., None], axis=-1)[..., 0]
    share = np.clip(high / np.maximum(high - low, 1e-6), 0, 1)
    radius = RADII[before] + share * (RADII[first] - RADII[before])
    return np.asarray(np.where(first == 0, RADII[0], radius))


def disc_plane_sac_area(level: DiscLevel) -> float:
    """Area (mm2) of the sac in the disc plane of a level."""
    w = np.zeros((1, 1))
    walls = (level.ventral_wall(U_GRID[None], w), level.back_wall(U_GRID[None], w))
    _, radius = _sac(*walls, _template(level)[None])
    return float(0.5 * np.sum(radius**2) * (2 * np.pi / len(ANGLES)))


def _fit_narrowing(level: DiscLevel) -> DiscLevel:
    """Thicken flavum and facets until the sac has the area that the prior asks for."""
    low, high = WIDEST, MOST_NARROWING
    for _ in range(9):
        middle = (low + high) / 2
        if disc_plane_sac_area(replace(level, narrowing=middle)) > level.prior.sac_area_mm2:
            low = middle
        else:
            high = middle
    return replace(level, narrowing=high)
