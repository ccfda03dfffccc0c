"""The facet joint and the ligamentum flavum, on the left; mirror for the right.

All outlines are in the upright frame (``frame``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.canal import wall_across
from lumbargrade.morphometry.lines import along, close, distances, feet, resample
from lumbargrade.morphometry.outlines import NotMeasured, Outlines, drawn

SHORTEST_JOINT_MM = 4.0
"""A line that is shorter gives no direction: its ends are good to 1 to 1.5 mm."""
SHORTEST_WALL_MM = 3.0

_STEP_MM = 0.25


def facet_angle(outlines: Outlines) -> float:
    """The angle between the facet joint and the sagittal plane, in degrees.

    The joint is taken as the straight line from its medial to its lateral end; 0 is sagittal,
    90 coronal.
    """
    joint = drawn(outlines.joints.get(Side.LEFT), "the facet joint")
    lateral, dorsal = joint[-1] - joint[0]
    if np.hypot(lateral, dorsal) < SHORTEST_JOINT_MM:
        raise NotMeasured(f"the facet joint is outlined over less than {SHORTEST_JOINT_MM:g} mm")
    return float(np.rad2deg(np.arctan2(lateral, dorsal)))


def flavum_thickness(outlines: Outlines) -> float:
    """The thickness of the ligamentum flavum half-way along it, in mm.

    The ligament lies between the back wall of the canal and the bone of lamina and facet. Its
    length is the wall from the apex to the place nearest to the joint's medial end; over the
    middle third of that, it is the median distance from the wall to the bone.
    """
    wall = wall_across(outlines)
    bone = drawn(outlines.facets.get(Side.LEFT), "the facet")
    joint = drawn(outlines.joints.get(Side.LEFT), "the facet joint")
    from_apex = wall[wall[:, 1].argmax() :]
    if len(from_apex) < 2:
        raise NotMeasured("the back wall of the canal ends at its apex")
    half = resample(from_apex, _STEP_MM)
    _, (length,) = feet(joint[:1], half)
    if length < SHORTEST_WALL_MM:
        raise NotMeasured("the back wall of the canal does not reach from its apex to the joint")
    places = along(half)
    middle = half[(places >= length / 3) & (places <= length * 2 / 3)]
    return float(np.median(distances(middle, close(bone))))


FORMULAS: Mapping[str, Callable[[Outlines], float]] = MappingProxyType(
    {
        "facet_angle_deg": facet_angle,
        "flavum_thickness_mm": flavum_thickness,
    }
)
