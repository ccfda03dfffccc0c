"""The back margin of the disc: how far it is displaced, and how near to the intra-facet line.

All outlines are in the upright frame (``frame``): x to the patient's left of the midline,
y to the back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.lines import spans
from lumbargrade.morphometry.outlines import Line, NotMeasured, Outlines, drawn

Numbers = NDArray[np.float64]

READ_SHARE = 0.5
"""Of the disc's width, the middle half is read: farther out, the margin turns to the front."""
UNDISTURBED_QUANTILE = 0.1
"""A tenth of the margin may lie in front of its undisturbed course, which is noise or a notch."""
NARROWEST_MM = 5.0
"""To either side; a disc of 20 mm would be a child's or a fragment's."""
TOLERANCE_MM = 1.0
"""Up to here a displacement is the unevenness of a healthy margin (grading reference, MSU 0)."""
TOP_SHARE = 0.8
"""What is displaced by this share of the largest displacement belongs to a top."""
SHALLOWEST_MM = 2.0
"""The line lies at least this far behind the margin where a ratio to it has a meaning."""

_PLACES = 81
_ROUNDS = 60
_SMALL_MM = 0.02
_SETTLED_MM = 0.002


@dataclass(frozen=True)
class Margin:
    """The disc's back margin over the middle half of its width.

    Attributes
    ----------
    x : (81,) mm to the left of the midline, rising.
    actual, undisturbed : (81,) y of the margin, and of its course without a displacement.
    """

    x: Numbers
    actual: Numbers
    undisturbed: Numbers

    @property
    def displacement(self) -> float:
        """The largest displacement to the back, in mm."""
        return float(max((self.actual - self.undisturbed).max(), 0.0))

    @property
    def apex(self) -> float | None:
        """Where it is, in mm to the left of the midline; None where two places are alike.

        A broad top counts as one place, its middle.
        """
        behind = self.actual - self.undisturbed
        high = behind >= TOP_SHARE * behind.max()
        edges = np.flatnonzero(np.diff(np.r_[False, high, False].astype(int)))
        if len(edges) != 2:
            return None
        return float((self.x[edges[0]] + self.x[edges[1] - 1]) / 2)


def back_margin(disc: Line) -> Margin:
    """Return the back margin of a disc (n, 2), closed, and its undisturbed course.

    The undisturbed course is a parabola, since a healthy margin is a smooth shallow curve:
    slightly concave down to L4/L5, straight or convex at L5/S1. It is laid along the foremost
    parts of the margin as the regression at the 10 % quantile (Koenker and Bassett,
    Econometrica 1978;46:33), so that a hump stands out behind it whole, and a diffuse bulge,
    which is no herniation, is followed.

    Raises NotMeasured where the disc does not reach across the midline.
    """
    reach = READ_SHARE / 2 * float(np.ptp(disc[:, 0]))
    if reach < NARROWEST_MM:
        raise NotMeasured("the disc is outlined too narrow to have a back margin")
    x = np.linspace(-reach, reach, _PLACES)
    _, actual = spans(disc, x, axis=0)
    if np.isnan(actual).any():
        raise NotMeasured("the disc does not lie across the midline")
    return Margin(x, actual, _along_the_front(x / reach, actual))


def _along_the_front(x: Numbers, y: Numbers) -> Numbers:
    """The parabola of a quantile regression, by reweighted least squares; x is -1..1."""
    powers = np.vander(x, 5, increasing=True)
    weights = np.ones_like(y)
    course = y
    for _ in range(_ROUNDS):
        sums = weights @ powers  # of x to the power 0, 1, ... 4
        square = np.array([sums[0:3], sums[1:4], sums[2:5]])
        before, course = (
            course,
            powers[:, :3] @ np.linalg.solve(square, (weights * y) @ powers[:, :3]),
        )
        if np.abs(course - before).max() < _SETTLED_MM:
            break
        behind = y - course
        side = np.where(behind > 0, UNDISTURBED_QUANTILE, 1 - UNDISTURBED_QUANTILE)
        weights = side / np.maximum(np.abs(behind), _SMALL_MM)
    return course


def disc_displacement(outlines: Outlines) -> float:
    """The largest displacement of the back margin beyond its undisturbed course, in mm."""
    return back_margin(drawn(outlines.disc, "the disc")).displacement


def displacement_apex(outlines: Outlines) -> float:
    """The place of the largest displacement, in mm to the left of the midline."""
    margin = back_margin(drawn(outlines.disc, "the disc"))
    if margin.displacement <= TOLERANCE_MM:
        raise NotMeasured(f"no displacement beyond {TOLERANCE_MM:g} mm")
    if margin.apex is None:
        raise NotMeasured("two places are displaced alike: there is no single apex")
    return margin.apex


def intrafacet_depth(outlines: Outlines) -> float:
    """D: from the undisturbed margin to the line between the joints' medial ends, in mm.

    It is measured along the perpendicular to the line, at the apex of the displacement, or in
    the midline where there is no single one beyond ``TOLERANCE_MM``; below 0 where the line
    lies in front.
    """
    margin = back_margin(drawn(outlines.disc, "the disc"))
    left = drawn(outlines.joints.get(Side.LEFT), "the left facet joint")[0]
    right = drawn(outlines.joints.get(Side.RIGHT), "the right facet joint")[0]
    if not right[0] < 0 < left[0]:
        raise NotMeasured("the medial ends of the joints do not lie on both sides of the midline")
    at = margin.apex if margin.displacement > TOLERANCE_MM and margin.apex is not None else 0.0
    point = np.array([at, np.interp(at, margin.x, margin.undisturbed)])
    along = (left - right) / np.hypot(*(left - right))
    to_line = left - point
    return float(along[0] * to_line[1] - along[1] * to_line[0])


def displacement_ratio(outlines: Outlines) -> float:
    """h / D: the displacement as a share of the way to the intra-facet line."""
    depth = intrafacet_depth(outlines)
    if depth < SHALLOWEST_MM:
        raise NotMeasured(f"the intra-facet line is less than {SHALLOWEST_MM:g} mm from the disc")
    return disc_displacement(outlines) / depth


FORMULAS: Mapping[str, Callable[[Outlines], float]] = MappingProxyType(
    {
        "disc_displacement_mm": disc_displacement,
        "displacement_apex_mm": displacement_apex,
        "intrafacet_depth_mm": intrafacet_depth,
        "displacement_ratio": displacement_ratio,
    }
)
