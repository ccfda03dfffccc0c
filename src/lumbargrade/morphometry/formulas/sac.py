"""The dural sac and the roots in it. All outlines are in the upright frame (``frame``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType

import numpy as np

from lumbargrade.morphometry.lines import (
    area,
    centroid,
    inside,
    longest_chord,
    resample_closed,
    spans,
)
from lumbargrade.morphometry.outlines import Line, NotMeasured, Outlines, Root, drawn

TOUCHING_MM = 0.5
"""Two roots lie together where the CSF between their edges is narrower (grading reference)."""
MIDDLE_SHARE = 0.5
"""CSF in front of the roots is looked for over the middle half of the sac's width."""
SMALLEST_SAC_MM2 = 2.0
"""The roots alone need more; what is smaller was not a sac."""

_STEP_MM = 0.25


def sac_area(outlines: Outlines) -> float:
    """The cross-sectional area of the dural sac, in mm2."""
    return area(_sac(outlines))


def sac_depth(outlines: Outlines) -> float:
    """The longest way through the sac from front to back, in mm."""
    return longest_chord(_sac(outlines), axis=1)


def sac_width(outlines: Outlines) -> float:
    """The longest way through the sac from side to side, in mm."""
    return longest_chord(_sac(outlines), axis=0)


def ventral_csf(outlines: Outlines) -> float:
    """From the front of the sac to the foremost root or bundle of roots, in mm; at least 0.

    Only the middle half of the sac's width is looked at: the next traversing roots lie in
    its front corners in everyone.
    """
    sac = _sac(outlines)
    edges = [*map(_edge, _roots(outlines)), *_bundles(outlines)]
    middle = float(centroid(sac)[0])
    reach = MIDDLE_SHARE / 2 * float(np.ptp(sac[:, 0]))
    points = np.vstack([np.empty((0, 2)), *edges])
    points = points[np.abs(points[:, 0] - middle) <= reach]
    front, _ = spans(sac, points[:, 0], axis=0)
    gaps = points[:, 1] - front
    if np.isnan(gaps).all():
        raise NotMeasured("no root lies in the middle half of the sac")
    return float(max(np.nanmin(gaps), 0.0))


def root_share(outlines: Outlines) -> float:
    """The share of the sac's area that roots take; a bundle without single roots counts whole."""
    sac = _sac(outlines)
    roots = sum(np.pi * root.diameter_mm**2 / 4 for root in _roots(outlines))
    return float((roots + sum(area(bundle) for bundle in _bundles(outlines))) / area(sac))


def root_clusters(outlines: Outlines) -> float:
    """The number of groups of roots: those that were outlined, and each root outside of them.

    Where no groups were outlined, roots closer than ``TOUCHING_MM`` make one.
    """
    roots = _roots(outlines)
    if outlines.clusters is None:
        return float(_groups(roots))
    alone = [root for root in roots if not any(_holds(one, root) for one in outlines.clusters)]
    return float(len(outlines.clusters) + len(alone))


def _sac(outlines: Outlines) -> Line:
    sac = drawn(outlines.sac, "the dural sac")
    if area(sac) < SMALLEST_SAC_MM2:
        raise NotMeasured(f"the outline of the dural sac holds less than {SMALLEST_SAC_MM2:g} mm2")
    return sac


def _roots(outlines: Outlines) -> tuple[Root, ...]:
    if outlines.roots_in_sac is None:
        raise NotMeasured("the roots in the sac are not outlined")
    if not outlines.roots_in_sac and not outlines.clusters:
        raise NotMeasured("no root can be seen in the sac")
    return outlines.roots_in_sac


def _bundles(outlines: Outlines) -> Iterator[Line]:
    """The groups in which no single root could be told apart."""
    for cluster in outlines.clusters or ():
        if not any(_holds(cluster, root) for root in outlines.roots_in_sac or ()):
            yield resample_closed(cluster, _STEP_MM)


def _holds(cluster: Line, root: Root) -> bool:
    return bool(inside(np.array([root.centre_mm]), cluster)[0])


def _edge(root: Root) -> Line:
    """The edge of a root, as points about a tenth of a mm apart."""
    turn = np.linspace(0.0, 2 * np.pi, 64, endpoint=False)
    return np.array(root.centre_mm) + root.diameter_mm / 2 * np.column_stack(
        [np.cos(turn), np.sin(turn)]
    )


def _groups(roots: tuple[Root, ...]) -> int:
    group = list(range(len(roots)))
    for one, other in combinations(range(len(roots)), 2):
        apart = np.hypot(*np.subtract(roots[one].centre_mm, roots[other].centre_mm))
        if apart - (roots[one].diameter_mm + roots[other].diameter_mm) / 2 < TOUCHING_MM:
            group = [group[one] if at == group[other] else at for at in group]
    return len(set(group))


FORMULAS: Mapping[str, Callable[[Outlines], float]] = MappingProxyType(
    {
        "sac_area_mm2": sac_area,
        "sac_depth_mm": sac_depth,
        "sac_width_mm": sac_width,
        "ventral_csf_mm": ventral_csf,
        "root_share": root_share,
        "root_clusters": root_clusters,
    }
)
