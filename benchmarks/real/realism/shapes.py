"""Figures of the shape of disc, sac, canal and facets, from outlines alone.

Whoever drew them: a tracer, the network, or the simulation itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.real.realism.seen import Seen
from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.canal import APEX_REACH_MM
from lumbargrade.morphometry.lines import resample
from lumbargrade.morphometry.measure import measure
from lumbargrade.morphometry.outlines import Line, Outlines

BESIDE_MM = 10.0
"""So far to the side of the apex the wall has run past the sac on all levels."""

MEASURES = {
    "canal_depth_mm": "canal depth, disc to apex, mm",
    "intrafacet_depth_mm": "D, disc to the line between the joints, mm",
    "disc_displacement_mm": "displacement of the disc's margin, mm",
    "sac_area_mm2": "sac area, mm2",
    "sac_depth_mm": "sac depth, mm",
    "sac_width_mm": "sac width, mm",
    "recess_depth_mm": "recess depth, mean of the sides, mm",
    "flavum_thickness_mm": "flavum, mean of the sides, mm",
}
"""Measures of the catalogue that are figures, and their titles in the table."""

HALF_ANGLE = "half-angle of the canal wall, degrees"
JOINTS_APART = "medial joint ends apart, mm"
DISC_WIDTH = "disc width, mm"
SIDES_APART = "recess depth, one side less the other, mm"
TITLES = (HALF_ANGLE, *MEASURES.values(), JOINTS_APART, DISC_WIDTH, SIDES_APART)


def shape_figures(seen: Seen) -> dict[str, float]:
    """Return title -> value, NaN where it is not known, of every figure in ``TITLES``."""
    found = {title: np.nan for title in TITLES}
    sides: dict[str, list[float]] = {}
    for one in measure(seen.outlines):
        if one.name in MEASURES and one.value is not None:
            sides.setdefault(one.name, []).append(one.value)
    for name, values in sides.items():
        found[MEASURES[name]] = float(np.mean(values))
    recesses = sides.get("recess_depth_mm", [])
    if len(recesses) == 2:
        found[SIDES_APART] = abs(recesses[0] - recesses[1])
    upright = seen.upright
    if upright is not None:
        found |= dict(_of_upright(upright))
    return found


def half_angle(wall: Line) -> float:
    """Return how far the back wall (n, 2) of the canal opens to either side, in degrees.

    It is the mean, over the sides, of the angle between the sagittal plane and the straight
    line from the apex to where the wall is ``BESIDE_MM`` to the side of it, or ends: 0 is a
    slit, 90 a flat roof. The wall is open and in the upright frame; NaN if it has no apex.
    """
    fine = resample(wall, 0.25)
    central = fine[np.abs(fine[:, 0]) <= APEX_REACH_MM]
    if not len(central):
        return float("nan")
    apex = central[central[:, 1].argmax()]
    angles = []
    for sign in (-1.0, 1.0):
        beside, ahead = sign * (fine[:, 0] - apex[0]), apex[1] - fine[:, 1]
        if not (beside > 0).any():
            return float("nan")
        far = np.flatnonzero(beside >= BESIDE_MM)
        # the wall runs from the right by the apex to the left: the first place past the apex
        at = int(beside.argmax() if not len(far) else (far[-1] if sign < 0 else far[0]))
        angles.append(np.degrees(np.arctan2(beside[at], ahead[at])))
    return float(np.mean(angles))


def _of_upright(outlines: Outlines) -> Iterator[tuple[str, float]]:
    if outlines.canal_back is not None and len(outlines.canal_back) > 2:
        yield HALF_ANGLE, half_angle(outlines.canal_back)
    if len(outlines.joints) == 2:
        left, right = (outlines.joints[side][0] for side in (Side.LEFT, Side.RIGHT))
        yield JOINTS_APART, float(np.hypot(*(left - right)))
    if outlines.disc is not None:
        yield DISC_WIDTH, float(np.ptp(outlines.disc[:, 0]))
