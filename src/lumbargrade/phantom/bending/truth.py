"""Grades and measures of a bent slice, from its lines alone.

The thresholds are those of the phantom's truth (``phantom.grades``), on lines in a plane. Only
the sac's area follows the field that carries the tissue; nothing else here is shared with what
moves the lines or paints the picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.lines import resample_closed, spans
from lumbargrade.morphometry.outlines import Line, Root
from lumbargrade.phantom.bending.field import Grid, looked_up
from lumbargrade.phantom.bending.sac import FilledSac
from lumbargrade.phantom.bending.shape import Moved, Slate, height_at
from lumbargrade.phantom.grades import HERNIATION_TOLERANCE_MM, msu_grade, pfirrmann_grade

Numbers = NDArray[np.float64]

LINE_DEPTH_MM = (5.0, 13.0)
"""D of a slice is held within these (reference: 4.9 to 10.9 for 10 to 90 % of people)."""
MISDRAWN_MM = (2.5, 18.0)
"""Beyond these the joints are not where they were drawn, and D is not known."""
ROOT_RADIUS_MM = (1.2, 1.8)
"""The root itself, not its sheath (grading reference, Pfirrmann 2004)."""
FREE_GAP_MM = (0.6, 9.0)
"""Between disc and root on a slice without findings, whatever the outlines say."""
FINE_MM = 0.15
"""Between the points of a line to which the shortest way is measured."""
READ_TO_MM = 25.0
"""Beyond this from the midline, a displacement is no longer read."""


@dataclass(frozen=True)
class BentTruth:
    """Grades by output name (None: cannot be said) and measures by name, in mm or mm2."""

    grades: Mapping[str, int | None]
    measures: Mapping[str, float]

    def with_sac(self, sac: FilledSac) -> BentTruth:
        """Return the truth with what the roots in a painted sac say."""
        measures = {
            "ventral_csf_mm": sac.ventral_csf_mm,
            "largest_root_cluster": sac.largest_root_cluster,
        }
        return BentTruth({**self.grades, "LCCS": sac.lccs}, {**self.measures, **measures})


def line_depth(slate: Slate) -> float | None:
    """Return D of the slice as it was, in the midline, in mm; None where it cannot be read."""
    ends = [slate.outlines.joints.get(side) for side in (Side.RIGHT, Side.LEFT)]
    if ends[0] is None or ends[1] is None:
        return None
    right, left = ends[0][0], ends[1][0]
    if not right[0] < slate.midline_mm < left[0]:
        return None
    y = np.interp(slate.midline_mm, (right[0], left[0]), (right[1], left[1]))
    _, margin = spans(slate.disc, np.array([slate.midline_mm]), axis=0)
    depth = float(y - margin[0])
    if not MISDRAWN_MM[0] <= depth <= MISDRAWN_MM[1]:  # NaN too
        return None
    return float(np.clip(depth, *LINE_DEPTH_MM))


def truth_of(slate: Slate, moved: Moved, depth_mm: float, sac_area_mm2: float) -> BentTruth:
    """Return the truth of a bend of a slice without findings.

    ``depth_mm`` is its D in the midline, from which the bulge at the apex is taken: beside the
    joints there is no line that D could be measured to.
    """
    x = slate.midline_mm + np.linspace(-READ_TO_MM, READ_TO_MM, 201)
    (_, old), (_, base), (_, new) = (
        spans(line, x, axis=0) for line in (slate.disc, moved.base, moved.disc)
    )
    risen, bulged = _behind(moved.base, x, new), _behind(slate.disc, x, base)
    largest = int(np.argmax(risen))
    height = float(risen[largest])
    distance = max(depth_mm - float(bulged[largest]), LINE_DEPTH_MM[0])
    ratio = height / distance
    grades: dict[str, int | None] = {"LDH": msu_grade(height, ratio), "LCCS": None}
    middle = np.abs(x - slate.midline_mm) <= 10.0
    measures = {
        "disc_displacement_mm": height,
        "herniation_ratio": ratio,
        "bulge_mm": float(np.clip(bulged[middle].mean(), 0.0, None)),
        "sac_area_mm2": sac_area_mm2,
    }
    if height > HERNIATION_TOLERANCE_MM:
        measures["herniation_u_mm"] = float(x[largest] - slate.midline_mm)
    rise = np.nan_to_num(new - old, nan=0.0)
    for side in Side:
        grade, found = _root(slate, moved, side, (x, rise))
        grades[f"LNRC_{side}"] = grade
        measures |= found
    return BentTruth(grades, measures)


def _behind(line: Line, x: Numbers, y: Numbers) -> Numbers:
    """Return how far (n,) the places (x, y) lie behind a closed line in mm, negative in front.

    Along y, but never farther than the shortest way: a steep flank would read as a tall one. 0
    where ``line`` does not reach.
    """
    _, margin = spans(line, x, axis=0)
    along_y = np.nan_to_num(y - margin, nan=0.0)
    places = np.stack([x, np.nan_to_num(y, nan=0.0)], axis=1)
    shortest, _ = cKDTree(resample_closed(line, FINE_MM)).query(places)
    return np.asarray(np.minimum(along_y, shortest))


def sac_after(slate: Slate, moved: Moved, grid: Grid, field: Numbers) -> Numbers:
    """Return the share (rows, columns) of each place whose tissue was in the sac.

    ``field`` is the way back (rows, columns, 2) in mm (``field.way_back``).
    """
    assert slate.outlines.sac is not None
    found = looked_up(grid.mask(slate.outlines.sac), field, grid)
    return np.asarray(found * (1.0 - grid.mask(moved.disc)))


def _root(
    slate: Slate, moved: Moved, side: Side, rise: tuple[Numbers, Numbers]
) -> tuple[int | None, dict[str, float]]:
    """Pfirrmann grade of the traversing root of one side, and what it follows from."""
    root = slate.outlines.traversing_roots.get(side)
    if root is None:
        return None, {}
    gap, room, radius = _free(slate, root)
    centre = root.centre_mm[0]
    pushed = float(np.max(rise[1][np.abs(rise[0] - centre) <= radius], initial=0.0))
    # A joint comes forward with the wall beside it.
    before, after = (float(height_at(line, centre)) for line in (slate.wall, moved.wall))
    gap, room = gap - pushed, max(room - pushed - (before - after), 0.0)
    found = {f"root_gap_{side}_mm": gap, f"recess_room_{side}_mm": room}
    return pfirrmann_grade(gap, room, radius), found


def _free(slate: Slate, root: Root) -> tuple[float, float, float]:
    """Return gap to the disc and room of the recess before the bend, and the root's radius."""
    x, y = root.centre_mm
    radius = float(np.clip(root.diameter_mm / 2, *ROOT_RADIUS_MM))
    _, margin = spans(slate.disc, np.array([x]), axis=0)
    front = float(margin[0]) if math.isfinite(float(margin[0])) else y - radius - FREE_GAP_MM[0]
    gap = float(np.clip(y - radius - front, *FREE_GAP_MM))
    room = float(slate.back(np.array([x]))[0]) - front
    return gap, max(room, gap + 2 * radius + 0.3), radius
