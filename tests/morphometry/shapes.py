"""Drawn shapes with known answers."""

from __future__ import annotations

import numpy as np

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.outlines import Line, Outlines, Root

L, R = Side.LEFT, Side.RIGHT


def ellipse(centre: tuple[float, float], size: tuple[float, float], points: int = 120) -> Line:
    """A closed ellipse of so large a width (x) and depth (y) in mm."""
    turn = np.linspace(0.0, 2 * np.pi, points, endpoint=False)
    return np.column_stack(
        [centre[0] + size[0] / 2 * np.cos(turn), centre[1] + size[1] / 2 * np.sin(turn)]
    )


def disc(
    hump_mm: float = 0.0, at_mm: float = 0.0, base_mm: float = 10.0, concave_mm: float = 1.0
) -> Line:
    """A disc 50 mm wide, its back a parabola over 36 mm, y = 0 at the ends of that.

    A smooth hump of so large a height and base stands behind it; ``concave_mm`` below 0 is
    convex.
    """
    x = np.linspace(-25.0, 25.0, 401)
    inner = concave_mm * ((x / 18) ** 2 - 1)
    outer = -15.0 * ((np.abs(x) - 18) / 7) ** 2
    back = np.where(np.abs(x) <= 18, inner, outer)
    beside = np.clip((x - at_mm) / (base_mm / 2), -1, 1)
    back = back + hump_mm * np.cos(np.pi / 2 * beside) ** 2
    front = [[25.0, -22.0], [12.0, -35.0], [-12.0, -35.0], [-25.0, -22.0]]
    return np.vstack([np.column_stack([x, back]), front])


def shifted(line: Line, x: float, y: float) -> Line:
    """The line, so much farther to the left and to the back."""
    return np.asarray(line + np.array([x, y]))


def flipped(line: Line) -> Line:
    """The other side's line."""
    return np.asarray(line * np.array([-1.0, 1.0]))


WALL_LEFT = np.array([[0.0, 17.0], [6.0, 9.0], [10.0, 4.0], [12.0, 1.0]])
FACET_LEFT = np.array(
    [[2.4, 19.0], [8.4, 11.0], [12.0, 6.0], [14.0, 4.0], [24.0, 3.0], [28.0, 12.0], [16.0, 18.0]]
)
"""Its inner edge runs beside the wall, sqrt(2.4**2 + 2**2) to its point or 3.12 mm off."""
JOINT_LEFT = np.array([[13.0, 7.0], [16.0, 10.0], [20.0, 14.0]])
DOTS = ((-4.5, 4.0), (-1.0, 6.0), (1.5, 6.0), (4.5, 4.0))


def outlines(**disc_options: float) -> Outlines:
    """A symmetrical slice with everything drawn."""
    wall = np.vstack([flipped(WALL_LEFT)[:0:-1], WALL_LEFT])
    return Outlines(
        disc=disc(**disc_options),
        sac=ellipse((0.0, 6.0), (14.0, 10.0)),
        canal_back=wall,
        facets={L: FACET_LEFT, R: flipped(FACET_LEFT)},
        joints={L: JOINT_LEFT, R: flipped(JOINT_LEFT)},
        traversing_roots={L: Root((8.5, 3.5), 3.0), R: Root((-8.5, 3.5), 3.0)},
        exiting_roots={L: Root((27.0, -4.0), 5.0), R: Root((-27.0, -4.0), 5.0)},
        roots_in_sac=tuple(Root(place, 1.0) for place in DOTS),
        clusters=(ellipse((0.25, 6.0), (5.0, 2.5)),),
    )
