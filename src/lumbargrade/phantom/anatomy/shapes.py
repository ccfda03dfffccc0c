"""Shapes of the canal by level as they are in people: a mean and its main modes (``shapes.json``).

Measured on outlines of real slices of healthy levels by ``python -m benchmarks.real.shapes``;
levels above L3/L4, which were not measured, are that level made narrower. Coordinates are
``u`` (mm to the patient's left) and ``v`` (mm behind the disc's back margin in the midline).
Left and right are drawn together, so no two sides are alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Values = NDArray[np.floating[Any]]

MEASURED = ("L3-L4", "L4-L5", "L5-S1")
"""Levels of the table."""
UPPER_WIDTH = {0: 0.88, 1: 0.94}
"""Width of the canal at L1/2 and L2/3 against L3/4: as the pedicles' distance [Zhou 2000]."""
WIDEST_DRAW = 2.3
"""No number lies further from its mean than this many spreads: beyond it, lines cross."""


WALL_NOISE_MM = 0.45
"""Spread of the wall beyond the modes, which leave 6 to 8 % of the variance."""
CAPSULE_MM, CLOSING_SLOPE = 3.5, 2.0
"""From this far medial of a joint's end, the wall falls to the disc with this slope [design]."""
JOINT_NOISE_MM = np.array([0.5, 0.4, 1.2, 1.2])
"""Spread of the joints' ends beyond the modes: outlines by a network are smoother than people."""


@dataclass(frozen=True)
class LevelShape:
    """One person's shape at one level.

    ``row`` holds, in mm, the disc's back margin, the canal's back wall, the ends of both
    joints and the sac, as ``shapes.json`` lists its parts.
    """

    row: tuple[float, ...]

    @cached_property
    def _parts(self) -> dict[str, Values]:
        row, parts, start = np.array(self.row), {}, 0
        for name, count in _table()["parts"].items():
            parts[name] = row[start : start + count]
            start += count
        return parts

    def margin(self, u: Values) -> Values:
        """``v`` of the healthy disc's back margin (0 in the midline); flank beyond 24 mm."""
        x = _table()["margin_x_mm"]
        values = self._parts["margin"] - np.interp(0.0, x, self._parts["margin"])
        slope = (np.abs(u) - x[-1]).clip(0) * 1.2
        return np.asarray(_smooth_interp(u, x, values) - slope)

    def wall(self, u: Values) -> Values:
        """``v`` of the canal's back wall; beyond the canal, of the disc that it rests on."""
        x = _table()["wall_x_mm"]
        wall = _smooth_interp(u, x, self._parts["wall"])
        ends = np.where(u > 0, self.joint(0)[0, 0], -self.joint(1)[0, 0]) - CAPSULE_MM
        # in front of the joint's capsule the wall comes to the disc
        closing = CLOSING_SLOPE * (np.abs(u) - ends).clip(0)
        return np.asarray(wall - closing)

    @property
    def apex(self) -> float:
        """``v`` of the wall in the midline."""
        return float(self._parts["wall"][len(self._parts["wall"]) // 2])

    def joint(self, side: int) -> Values:
        """(2, 2): (u, v) of the medial and of the lateral end; ``side`` 0 = left, 1 = right."""
        return self._parts["joint_left" if side == 0 else "joint_right"].reshape(2, 2)

    def facet_line(self, u: Values) -> Values:
        """``v`` of the line through the medial ends of both joints."""
        (u0, v0), (u1, v1) = self.joint(0)[0], self.joint(1)[0]
        return np.asarray(v0 + (u - u0) * (v1 - v0) / (u1 - u0))

    @property
    def sac_v(self) -> float:
        """``v`` of the middle of the sac."""
        return float(self._parts["sac_y"][0])

    def sac_radius(self, angles: Values) -> Values:
        """Radius (mm) of the sac around (0, ``sac_v``); angle 0 = left, pi/2 = back."""
        radius = self._parts["sac"]
        grid = np.linspace(0, 2 * np.pi, len(radius) + 1)
        return np.asarray(np.interp(np.mod(angles, 2 * np.pi), grid, [*radius, radius[0]]))

    @property
    def sac_area(self) -> float:
        """Area (mm2) of that sac, before disease."""
        radius = self.sac_radius(np.linspace(0, 2 * np.pi, 96, endpoint=False))
        return float(np.pi * np.mean(radius**2))


def draw_shape(index: int, size: float, rng: np.random.Generator) -> LevelShape:
    """Draw a person's shape at level ``index`` (0 = L1/2); ``size`` scales it."""
    model = _table()["levels"][MEASURED[max(index - 2, 0)]]
    modes = np.array(model["modes"])
    row: Values = (np.array(model["mean"]) + _draw_offset(modes, rng)) * size + _unlike_sides(rng)
    if index in UPPER_WIDTH:
        row = _narrowed(row, UPPER_WIDTH[index])
    return LevelShape(tuple(row.tolist()))


def _draw_offset(modes: Values, rng: np.random.Generator) -> Values:
    """Draw modes until no number lies too far from the mean; the last of 20 draws is shrunk."""
    spread = np.sqrt((modes**2).sum(axis=0)) + 0.05
    for _ in range(20):
        offset: Values = rng.standard_normal(len(modes)) @ modes
        farthest = float((np.abs(offset) / spread).max())
        if farthest <= WIDEST_DRAW:
            return offset
    return offset * WIDEST_DRAW / farthest


def _unlike_sides(rng: np.random.Generator) -> Values:
    """What the modes do not hold: smooth steps of the wall, and joints that differ by side."""
    parts = []
    for name, count in _table()["parts"].items():
        noise = rng.standard_normal(count)
        if name == "wall":
            parts.append(WALL_NOISE_MM * gaussian_filter1d(noise, 1.6) / 0.42)
        elif name.startswith("joint"):
            parts.append(noise * JOINT_NOISE_MM)
        else:
            parts.append(np.zeros(count))
    return np.concatenate(parts)


def _narrowed(row: Values, width: float) -> Values:
    """Bring the joints and the sac's sides nearer to the midline."""
    row, start = row.copy(), 0
    for name, count in _table()["parts"].items():
        if name.startswith("joint"):
            row[start : start + count : 2] *= width
        elif name == "sac":
            row[start : start + count] *= np.sqrt(width)
        start += count
    return row


def _smooth_interp(u: Values, x: Values, values: Values) -> Values:
    """Interpolate with a cubic through evenly spaced points; the ends are held."""
    step = x[1] - x[0]
    place = np.clip((u - x[0]) / step, 0, len(x) - 1.001)
    low = place.astype(np.int64)
    t = place - low
    padded = np.concatenate([[values[0]], values, [values[-1]] * 2])
    p0, p1, p2, p3 = (padded[low + shift] for shift in (0, 1, 2, 3))
    return np.asarray(
        p1
        + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)))
    )


@cache
def _table() -> dict[str, Any]:
    text = (files("lumbargrade.phantom.anatomy") / "shapes.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    table |= {name: np.array(table[name]) for name in ("margin_x_mm", "wall_x_mm")}
    return table
