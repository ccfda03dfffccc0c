"""Where on each slice a reader looks first: a drawn box, what the locator finds, or the middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.inference.engine import Engine
from lumbargrade.inference.regions import (
    FROM_DRAWN,
    FROM_LOCATOR,
    box_center,
    find_regions,
    refusal,
)
from lumbargrade.serving.reading_room.viewing.found import Found
from lumbargrade.serving.reading_room.viewing.views import FROM_CENTRE

Point = tuple[float, float]


@dataclass(frozen=True)
class LookedAt:
    """The square of one slice that a reader sees first.

    Attributes
    ----------
    center_px, size_mm : its centre (column, row) as stored, and its edge.
    source : whose word it is: "drawn box", "locator" or "centre".
    proposed_px : where the locator finds the canal, whoever drew a box; None where it does not.
    """

    center_px: Point
    size_mm: float
    source: str
    proposed_px: Point | None = None


def places_of(engine: Engine, slices: Sequence[Found]) -> list[LookedAt]:
    """Return the place to look at on each slice (caudal to cranial).

    A box of the cohort counts first, then the locator where it is sure enough to grade, then the
    middle of the slice. The centre that a simulated cohort knows is not used: readers would see it.
    """
    size_mm = engine.bundle.manifest.patch.size_mm
    proposals = iter(_located(engine, [one for one in slices if one.is_axial]))
    return [_place(one, size_mm, next(proposals) if one.is_axial else None) for one in slices]


def _place(one: Found, size_mm: float, proposed: Point | None) -> LookedAt:
    geometry, box = one.item.geometry, one.known.box_px
    if box is not None:
        per_row, per_column = geometry.pixel_spacing_mm
        edge = max(box[2] * per_column, box[3] * per_row)
        return LookedAt(box_center(box, geometry), edge, FROM_DRAWN, proposed)
    if proposed is not None:
        return LookedAt(proposed, size_mm, FROM_LOCATOR, proposed)
    middle = (geometry.columns - 1) / 2, (geometry.rows - 1) / 2
    return LookedAt(middle, size_mm, FROM_CENTRE)


def _located(engine: Engine, slices: Sequence[Found]) -> list[Point | None]:
    if engine.bundle.locator_path is None or not slices:
        return [None] * len(slices)
    geometries = [one.item.geometry for one in slices]
    found = find_regions(engine, geometries, [one.pixels for one in slices])
    return [None if refusal(place) else place.center_px for place in found]
