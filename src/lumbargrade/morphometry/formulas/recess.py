"""The lateral recess and the traversing root in it, on the left; mirror for the right.

All outlines are in the upright frame (``frame``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.lines import close, distances, inside
from lumbargrade.morphometry.outlines import NotMeasured, Outlines, Root, drawn


def recess_depth(outlines: Outlines) -> float:
    """The shortest way from the disc's margin to the articular processes, in mm; at least 0.

    It is short where a superior process, the back wall of the recess, stands near the disc.
    """
    disc = drawn(outlines.disc, "the disc")
    facet = drawn(outlines.facets.get(Side.LEFT), "the facet")
    if inside(facet, disc).any() or inside(disc, facet).any():
        return 0.0
    # two lines that do not cross are nearest at a corner of one of them
    ways = distances(facet, close(disc)), distances(disc, close(facet))
    return float(min(way.min() for way in ways))


def root_gap(outlines: Outlines) -> float:
    """From the disc's margin to the edge of the traversing root, in mm; at least 0."""
    disc, root = drawn(outlines.disc, "the disc"), _root(outlines, Side.LEFT)
    centre = np.array([root.centre_mm])
    if inside(centre, disc)[0]:
        return 0.0
    return float(max(distances(centre, close(disc))[0] - root.diameter_mm / 2, 0.0))


def root_displacement(outlines: Outlines) -> float:
    """How much farther back the traversing root lies than the other side's, in mm; at least 0.

    The other side stands for the root's own normal place, which no one has seen. Both roots
    pushed back alike are not displaced by this measure.
    """
    here, there = (_root(outlines, side) for side in (Side.LEFT, Side.RIGHT))
    return max(here.centre_mm[1] - there.centre_mm[1], 0.0)


def _root(outlines: Outlines, side: Side) -> Root:
    if side not in outlines.traversing_roots:
        whose = "the traversing root" if side is Side.LEFT else "the other side's traversing root"
        raise NotMeasured(f"{whose} is not outlined outside of the sac")
    return outlines.traversing_roots[side]


FORMULAS: Mapping[str, Callable[[Outlines], float]] = MappingProxyType(
    {
        "recess_depth_mm": recess_depth,
        "root_gap_mm": root_gap,
        "root_displacement_mm": root_displacement,
    }
)
