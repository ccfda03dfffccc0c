"""The schematic drawing of a grade, as SVG: Figures 2 to 4 of Su et al. 2022 in our own hand.

Every line comes from the anatomy that the simulation scans. The picture lies as slices are shown:
the patient's left on the right, the back below; one unit is one mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.level import ANGLES, DiscLevel
from lumbargrade.phantom.anatomy.roots import exited_level, sac_roots_at
from lumbargrade.phantom.schematic.example import LEVEL, example

Line = NDArray[np.floating[Any]]

LEFT, TOP, WIDTH, HEIGHT = -25.0, -9.0, 50.0, 34.0
"""What is shown, in mm around the middle of the healthy disc's back margin."""

GROUND, BONE, DISC, HERNIATION = "#efe9dc", "#cfc6b4", "#8fa3b5", "#c4553b"
FAT, WATER, ROOT, INK = "#f7df9b", "#d6ecf8", "#5b6470", "#22282f"
GRADED_ROOT = "#e08a1e"

_U = np.linspace(-26.0, 26.0, 209)


@cache
def schematic_svg(system: str, grade: int, side: Side | None = None) -> str:
    """Return the drawing of a grade as SVG text; of a system with sides, on ``side`` (left).

    Raises KeyError for a system that is not drawn, IndexError for a grade that it does not have.
    """
    shown = example(system, grade, side or Side.LEFT)
    level = shown.canal.levels[LEVEL]
    graded = {None, side or Side.LEFT} if system == "LNRC" else {None}
    drawing = "".join(
        (
            _ground(),
            _behind(level),
            _canal(level),
            _disc(level),
            _sac(shown),
            *(_root(shown, one, one in graded) for one in Side),
            _lines_to_facets(level) if system == "LDH" else "",
        )
    )
    return _framed(drawing, f"{system} {grade}: {GRADING_SYSTEMS[system].grades[grade].name}")


def _framed(drawing: str, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{LEFT:g} {TOP:g} {WIDTH:g} {HEIGHT:g}" '
        f'role="img"><title>{escape(title)}</title>{drawing}</svg>\n'
    )


def _ground() -> str:
    return f'<rect x="{LEFT:g}" y="{TOP:g}" width="{WIDTH:g}" height="{HEIGHT:g}" fill="{GROUND}"/>'


def _canal(level: DiscLevel) -> str:
    """Epidural fat: all between the front and the back wall, where there is room."""
    front, back = _walls(level)
    open_ = back - front > 0.3
    there = np.abs(_U) <= np.abs(_U[open_]).max()
    points = np.vstack([np.c_[_U, front][there], np.c_[_U, np.maximum(back, front)][there][::-1]])
    return _shape(points, FAT, "")


def _behind(level: DiscLevel) -> str:
    """Facets, flavum and lamina, and the two joints."""
    _, back = _walls(level)
    bottom = TOP + HEIGHT
    points = np.vstack([np.c_[_U, back], [[_U[-1], bottom], [_U[0], bottom]]])
    joints = "".join(
        _path(level.shape.joint(side), f'stroke="{INK}" stroke-width="0.7" stroke-linecap="round"')
        for side in (0, 1)
    )
    return _shape(points, BONE, f'stroke="{INK}" stroke-width="0.25"') + joints


def _disc(level: DiscLevel) -> str:
    """The disc, and in another colour what is displaced beyond its margin."""
    base = level.base_margin(_U)
    front, _ = _walls(level)
    body = np.vstack([np.c_[_U, base], [[_U[-1], TOP], [_U[0], TOP]]])
    out = front - base > 0.05
    displaced = np.vstack([np.c_[_U, front][out], np.c_[_U, base][out][::-1]])
    edge = f'stroke="{INK}" stroke-width="0.25" stroke-linejoin="round"'
    return _shape(body, DISC, edge) + (_shape(displaced, HERNIATION, edge) if out.any() else "")


def _sac(shown: Anatomy) -> str:
    """The dural sac and the roots in it."""
    zeta = shown.disc_zeta(LEVEL)
    middle = float(shown.canal.along(shown.canal.center_v_mm, np.array([zeta]))[0])
    radius = shown.canal.sac_radius(ANGLES, np.full(len(ANGLES), zeta))
    rim = np.c_[radius * np.cos(ANGLES), middle + radius * np.sin(ANGLES)]
    points, sizes = sac_roots_at(
        shown.sac_roots, shown.canal, zeta, exited_level(shown.spine, zeta)
    )
    roots = "".join(
        f'<circle cx="{u:.2f}" cy="{v:.2f}" r="{size:.2f}" fill="{ROOT}"/>'
        for (u, v), size in zip(points, sizes, strict=True)
    )
    return _shape(rim, WATER, f'stroke="{INK}" stroke-width="0.35"') + roots


@dataclass(frozen=True)
class _Ellipse:
    u: float
    v: float
    radius_u: float
    radius_v: float


def _root(shown: Anatomy, side: Side, graded: bool) -> str:
    """The root that traverses the level on one side."""
    path = shown.paths[LEVEL][0 if side is Side.LEFT else 1]
    at = shown.disc_zeta(LEVEL)
    one = _Ellipse(
        *(
            float(np.interp(at, path.zeta_mm, values))
            for values in (path.u_mm, path.v_mm, path.radius_u_mm, path.radius_v_mm)
        )
    )
    fill = GRADED_ROOT if graded else ROOT
    return (
        f'<ellipse cx="{one.u:.2f}" cy="{one.v:.2f}" rx="{one.radius_u:.2f}" '
        f'ry="{one.radius_v:.2f}" fill="{fill}" stroke="{INK}" stroke-width="0.3"/>'
    )


def _lines_to_facets(level: DiscLevel) -> str:
    """The intra-facet line, and half-way to it from the margin."""
    ends = np.array([level.shape.joint(side)[0] for side in (0, 1)])
    within = (ends[:, 0].min() <= _U) & (ends[:, 0].max() >= _U)
    u = _U[within]
    half = (level.base_margin(u) + level.shape.facet_line(u)) / 2
    dashes = f'stroke="{INK}" stroke-width="0.4" stroke-dasharray='
    return _path(ends, f'{dashes}"1.6 0.9"') + _path(np.c_[u, half], f'{dashes}"0.4 0.9"')


def _walls(level: DiscLevel) -> tuple[Line, Line]:
    """Front and back wall of the canal in the disc plane, at ``_U``."""
    here = np.zeros_like(_U)
    return level.ventral_wall(_U, here), level.back_wall(_U, here)


def _shape(points: Line, fill: str, stroke: str) -> str:
    return f'<path d="{_commands(points)}Z" fill="{fill}" {stroke}/>'


def _path(points: Line, stroke: str) -> str:
    return f'<path d="{_commands(points)}" fill="none" {stroke}/>'


def _commands(points: Line) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
