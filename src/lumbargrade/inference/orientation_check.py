"""Notice a series whose pictures are turned against their header.

Left, right and front come from the header. Where an export has turned the picture and left
the header as it was, every side would be the wrong one. The locator was taught on backs
that lie as the header says, so it is surest of a picture that does: where it is surer of the
turned pictures of a series, the series is not graded. A picture that is mirrored and not
turned cannot be noticed: backs are nearly symmetric.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.engine import Engine
from lumbargrade.inference.locate import LOW_CONFIDENCE, decode_heatmap
from lumbargrade.inference.regions import overviews_of
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage

CHECKED = 7
"""Slices of a series that are looked at, spread over it: more would say the same."""

ENOUGH = 3
"""Of fewer slices nothing is sure: of 29 real T2 slices that lie right one looks turned."""

MARGIN, SURE_MARGIN = 0.01, 0.1
"""By how much the mean confidence must be higher for a doubt, and to be sure. A round lump is as
sure either way. Three groups of real T2 slices that lie right had 0.18 and more the other way; on
real T1, which the packaged locator was not taught, smaller margins turned up by chance."""

SURE_SHARE = 2 / 3
"""Part of the slices that must look turned the same way to be sure."""


@dataclass(frozen=True)
class Turn:
    """How a series lies, seen from the feet with the front up, as its header says it does.

    ``degrees`` is by how much the picture is turned counter-clockwise against that.
    """

    degrees: int
    sure: bool


def find_turn(
    engine: Engine, geometries: Sequence[SliceGeometry], pictures: Sequence[FloatImage]
) -> Turn:
    """Return how the slices (at least one, caudal to cranial) of one series lie."""
    spread = np.linspace(0, len(pictures) - 1, min(CHECKED, len(pictures))).round().astype(int)
    confidence = turned_confidences(
        engine, [geometries[one] for one in spread], [pictures[one] for one in spread]
    )
    means = confidence.mean(1)
    best = int(means.argmax())
    if means[best] < max(means[0] + MARGIN, LOW_CONFIDENCE):
        return Turn(0, sure=True)
    sure = (
        len(spread) >= ENOUGH
        and means[best] >= means[0] + SURE_MARGIN
        and (confidence.argmax(0) == best).mean() >= SURE_SHARE
    )
    return Turn(90 * best, sure=bool(sure))


def turned_confidences(
    engine: Engine, geometries: Sequence[SliceGeometry], pictures: Sequence[FloatImage]
) -> NDArray[np.float64]:
    """Return (4, n) the locator's confidence when a slice, turned by 0 to 270 degrees, is undone.

    Row k belongs to pictures that lie k quarter turns counter-clockwise against their header.
    """
    seen = overviews_of(engine, geometries, pictures)
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
