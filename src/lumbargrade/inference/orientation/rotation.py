"""Find by which angle a patient lies rotated in the plane of their slices.

The outlines of canal, sac, facets and disc have an axis of symmetry: the patient's own midline
(``morphometry.frame``). Its angle, as the median over the slices of a series, is undone before
the region is cut: see ``study.upright``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lumbargrade.inference.outline import Drawn
from lumbargrade.morphometry.frame import find_frame
from lumbargrade.study.upright import UPRIGHT_WITHIN_DEG, Upright

ENOUGH_SHARE = 0.5
"""Part of the slices of a series whose outlines must show the midline."""

ROUNDS = 2
"""How often the angle is undone and looked at again: what is far from upright is drawn less
well, so the first angle may be some degrees short."""


def remaining_rotation(views: Sequence[Upright], drawn: Sequence[Drawn | None]) -> float:
    """Return by how many degrees the patient is rotated beyond what was undone already.

    ``drawn`` are the outlines of the slices of one series, cut out of ``views``; None where there
    are none. 0 where the midline is seen on too few slices, or lies upright within 5 degrees.
    """
    seen, beyond = [], []
    for view, one in zip(views, drawn, strict=True):
        frame = None if one is None else find_frame(one.outlines)
        if frame is not None:
            seen.append(np.rad2deg(frame.turn))
            # Where the header's own angle was too small to undo, it is in the picture.
            beyond.append(seen[-1] - view.left_deg)
    if len(seen) <= ENOUGH_SHARE * len(views) or abs(np.median(seen)) < UPRIGHT_WITHIN_DEG:
        return 0.0
    return float(np.median(beyond))


def rotation_warning(rotation_deg: float, view: Upright) -> str:
    """Return what to say of a region that was cut upright; empty where nothing was undone.

    ``rotation_deg`` is the patient's, against what the geometry of the slice says.
    """
    if abs(rotation_deg) >= UPRIGHT_WITHIN_DEG:
        return (
            f"the patient is rotated by about {abs(rotation_deg):.0f} degrees in the plane of the "
            "slice: the region was cut upright to the patient, left and right are the header's"
        )
    if view.angle_deg:
        return (
            f"the slice is rotated by {abs(view.angle_deg):.0f} degrees against the patient's "
            "axes, as its geometry says: the region was cut upright to the patient"
        )
    return ""
