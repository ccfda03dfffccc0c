"""Notice a series whose pictures are turned against their header, and one whose patient lies askew.

Left, right and front come from the header. Where an export has turned the picture and left
the header as it was, every side would be the wrong one. The locator was taught on backs
that lie as the header says, so it is surest of a picture that does: where it is surer of the
turned pictures of a series, and the outline network sees facets, sac and disc in their places
only there, the series is not graded. A patient who lies rotated by up to 60 degrees is no such
series: the angle is undone. A picture that is mirrored and not turned looks upright, too: backs
are nearly symmetric, and only a sagittal series beside it shows that (``orientation.mirrored``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.engine import Engine
from lumbargrade.inference.locate import LOW_CONFIDENCE, decode_heatmap
from lumbargrade.inference.outline import draw_slices
from lumbargrade.inference.regions import find_regions, overviews_of, whole_slices
from lumbargrade.morphometry.frame import find_frame
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage
from lumbargrade.study.upright import upright

CHECKED = 7
"""Slices of a series that are looked at, spread over it: more would say the same."""

ENOUGH = 3
"""Of fewer slices the locator alone is sure of nothing: of 29 real T2 slices that lie right one
looks turned."""

SETTLED = 0.85
"""Mean confidence from which on a series lies as its header says if no right angle does better.
Six groups of T2 slices, real and simulated, had 0.88 and more; turned by 40 degrees, below 0.8."""

MARGIN, SURE_MARGIN = 0.01, 0.1
"""By how much the mean confidence must be higher for a doubt, and to be sure. A round lump is as
sure either way. Three groups of real T2 slices that lie right had 0.18 and more the other way; on
real T1, which the packaged locator was not taught, smaller margins turned up by chance."""

SURE_SHARE = 2 / 3
"""Part of the slices that must look turned the same way to be sure."""

STEP_DEG = 30
"""Between the directions that are tried: of a picture within 15 degrees the locator is as sure
as of an upright one."""

LARGEST_ROTATION_DEG = 60.0
"""Of a patient; what lies farther from upright is a picture that was turned: it is nearer to a
right angle, and nobody lies on a table like this with a header that says they lie straight."""


@dataclass(frozen=True)
class Turn:
    """How a series lies, seen from the feet with the front up, as its header says it does.

    ``degrees`` (0 to 359) is by how much the picture is turned counter-clockwise against that.
    """

    degrees: int
    sure: bool

    @property
    def rotation_deg(self) -> float:
        """The same clockwise, -180 to 180: from the header's left to the patient's own."""
        return float((180 - self.degrees) % 360 - 180)

    @property
    def is_rotation(self) -> bool:
        """Whether the patient may lie like this, so that the header is right all the same."""
        return abs(self.rotation_deg) <= LARGEST_ROTATION_DEG


STRAIGHT = Turn(0, sure=True)


def find_turn(
    engine: Engine, geometries: Sequence[SliceGeometry], pictures: Sequence[FloatImage]
) -> Turn:
    """Return how the slices (at least one, caudal to cranial) of one series lie, to 30 degrees.

    Of fewer than three slices, what is not clearly upright is in doubt: single slices that were
    turned by 180 degrees have looked as upright to the locator as those that were not.
    """
    spread = np.linspace(0, len(pictures) - 1, min(CHECKED, len(pictures))).round().astype(int)
    geometries, pictures = [geometries[one] for one in spread], [pictures[one] for one in spread]
    few = len(pictures) < ENOUGH
    quarters = turned_confidences(engine, geometries, pictures)
    means = quarters.mean(1)
    lead = float(means[0] - means[1:].max())
    if np.ptp(means) < MARGIN or (means[0] >= SETTLED and lead > (SURE_MARGIN if few else 0.0)):
        return STRAIGHT
    between = (turned_confidences(engine, geometries, pictures, one) for one in (30, 60))
    confidence = np.stack([quarters, *between], axis=1).reshape(360 // STEP_DEG, -1)
    means = confidence.mean(1)
    best = int(means.argmax())
    if means[best] < max(means[0] + MARGIN, LOW_CONFIDENCE):
        if not few:
            return STRAIGHT
        best = 3 * (1 + int(quarters.mean(1)[1:].argmax()))
    sure = (
        not few
        and means[best] >= means[0] + SURE_MARGIN
        and _near(confidence.argmax(0), best).mean() >= SURE_SHARE
    )
    return _by_outlines(engine, geometries, pictures, Turn(STEP_DEG * best, sure=bool(sure)))


def _near(directions: NDArray[np.intp], best: int) -> NDArray[np.bool_]:
    """Whether directions (n,), counted in steps, are the best one or beside it."""
    steps = 360 // STEP_DEG
    return np.asarray((directions - best + 1) % steps <= 2)


def _by_outlines(
    engine: Engine,
    geometries: Sequence[SliceGeometry],
    pictures: Sequence[FloatImage],
    turn: Turn,
) -> Turn:
    """Let the outline network judge, where it sees most of the slices one way only."""
    straight = outlined(engine, geometries, pictures, 0.0)
    turned = outlined(engine, geometries, pictures, turn.rotation_deg)
    most = len(pictures) / 2
    if turned > most and turned > straight:
        return Turn(turn.degrees, sure=True)
    if straight > most and (straight > turned or len(pictures) >= ENOUGH):
        return STRAIGHT
    return turn


def outlined(
    engine: Engine,
    geometries: Sequence[SliceGeometry],
    pictures: Sequence[FloatImage],
    rotation_deg: float,
) -> int:
    """Return on how many slices the anatomy lies upright once a rotation is undone."""
    places = find_regions(engine, geometries, pictures, [rotation_deg] * len(pictures))
    slices = []
    for geometry, pixels, place in zip(geometries, pictures, places, strict=True):
        view = upright(pixels, geometry, place.center_px, rotation_deg)
        slices.append((view.pixels, view.geometry, view.center_px))
    drawn = draw_slices(engine, slices)
    return sum(not isinstance(one, str) and _complete(one.outlines) for one in drawn)


def _complete(outlines: Outlines) -> bool:
    """Whether both facets are there and all lies symmetrically, the front in front."""
    return len(outlines.facets) == 2 and find_frame(outlines) is not None


def turned_confidences(
    engine: Engine,
    geometries: Sequence[SliceGeometry],
    pictures: Sequence[FloatImage],
    first_deg: int = 0,
) -> NDArray[np.float64]:
    """Return (4, n) the locator's confidence when turns by four right angles are undone.

    Row k belongs to pictures that lie ``first_deg`` and k quarter turns counter-clockwise
    against their header.
    """
    whole = whole_slices(geometries, pictures, [float(-first_deg)] * len(pictures))
    seen = overviews_of(engine, [one.geometry for one in whole], [one.pixels for one in whole])
    ways = [np.rot90(seen.pictures, -quarter, (1, 2)) for quarter in range(4)]
    maps = engine.locate(np.ascontiguousarray(np.concatenate(ways)))
    found = [
        decode_heatmap(heatmap, frame, seen.spec).confidence
        for heatmap, frame in zip(maps, seen.frames * 4, strict=True)
    ]
    return np.array(found).reshape(4, len(seen.frames))


def turn_reason(turn: Turn) -> str:
    """Return what is wrong with a series and what to do; empty if it lies as its header says."""
    if not turn.degrees:
        return ""
    way = f"rotated by {turn.degrees} degrees relative to its expected orientation"
    if turn.sure:
        return (
            f"the image appears {way} (from the header, or as displayed without one), so left "
            "and right would be wrong: export the series again; with --box X,Y,W,H it is graded "
            "as it is"
        )
    return f"the image may be {way}: check it before relying on left and right"
