"""Outlines of the anatomy on one axial slice, drawn by a person or by the network.

Coordinates are mm from the centre of the region that is read: x to the patient's left, y to
the patient's back (the frame of ``study.patch``). What is None, or lacks a side, was not seen;
that is never the same as "there is none".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side

Line = NDArray[np.float64]
"""(n, 2) points in mm, (x, y); whether it is closed depends on what it outlines."""


class NotMeasured(Exception):  # noqa: N818 - not an error: the reason of a missing measure
    """Raised by a formula where an outline is missing or lies so that it has no answer."""


@dataclass(frozen=True)
class Root:
    """A nerve root, taken as round: ``centre_mm`` (x, y) and ``diameter_mm``."""

    centre_mm: tuple[float, float]
    diameter_mm: float


@dataclass(frozen=True)
class Outlines:
    """What is drawn on one slice.

    Attributes
    ----------
    disc : closed; the disc, or the vertebral body where the slice cuts one.
    sac : closed; the dural sac.
    canal_back : open, from the patient's right recess by the apex in the midline to the
        left one; the inner surface of flavum, capsules and laminae.
    facets : closed, by side; articular processes with the lamina.
    joints : open, by side, the medial end first; a single point where only that end was seen.
    traversing_roots : by side; outside of the sac, in the recess.
    exiting_roots : by side; root or ganglion in the foramen.
    roots_in_sac, clusters : roots that can be told apart, and closed lines around roots that
        lie together; None where they were not drawn, as on T1.
    """

    disc: Line | None = None
    sac: Line | None = None
    canal_back: Line | None = None
    facets: Mapping[Side, Line] = field(default_factory=dict)
    joints: Mapping[Side, Line] = field(default_factory=dict)
    traversing_roots: Mapping[Side, Root] = field(default_factory=dict)
    exiting_roots: Mapping[Side, Root] = field(default_factory=dict)
    roots_in_sac: tuple[Root, ...] | None = None
    clusters: tuple[Line, ...] | None = None


def drawn(outline: Line | None, name: str) -> Line:
    """Return an outline that a formula needs; raises NotMeasured where it is not drawn."""
    if outline is None:
        raise NotMeasured(f"{name} is not outlined")
    return outline
