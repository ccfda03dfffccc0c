"""Decide which square of each slice is read: the user's box, or the locator's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import Region
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.locate import MIN_CONFIDENCE, Located, agree_in_stacks, decode_heatmap
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage
from lumbargrade.study.patch import OverviewSpec, PatchFrame, PatchSpec, overview, region_of
from lumbargrade.study.squares import Box
from lumbargrade.study.upright import Upright, upright

FROM_BOX = "user box"
FROM_LOCATOR = "locator"
FROM_DRAWN = "drawn box"
"""Sources of a region: one box of the user for all slices, or a reader's box of each slice."""


@dataclass(frozen=True)
class Overviews:
    """Slices as the locator sees them: ``pictures`` (n, p, p), and where each lies."""

    spec: OverviewSpec
    pictures: NDArray[np.float32]
    frames: tuple[PatchFrame, ...]


def box_center(box: Box, geometry: SliceGeometry) -> tuple[float, float]:
    """Return (column, row) of the middle of a box.

    Raises StudyError if the box is not four finite numbers with a positive size, or reaches out of
    the slice.
    """
    x, y, width, height = box
    if not all(math.isfinite(value) for value in box) or min(width, height) <= 0:
        raise StudyError(
            f"box {_text(box)} is not X,Y,W,H in pixels with a width and a height above 0"
        )
    if x < -0.5 or y < -0.5 or x + width > geometry.columns or y + height > geometry.rows:
        raise StudyError(
            f"box {_text(box)} extends beyond the slice, which is {geometry.columns} x "
            f"{geometry.rows} pixels: give X,Y,W,H in pixels from the upper left corner"
        )
    return (x + width / 2, y + height / 2)


def find_regions(
    engine: Engine,
    geometries: Sequence[SliceGeometry],
    pictures: Sequence[FloatImage],
    rotations_deg: Sequence[float] | None = None,
) -> tuple[Located, ...]:
    """Locate the canal on slices (caudal to cranial) whose pixels are given.

    ``rotations_deg`` are the patient's that are undone first (``study.upright``); None: 0. A
    ``Located`` below ``MIN_CONFIDENCE`` must not be graded; see :func:`refusal`.
    """
    whole = whole_slices(geometries, pictures, rotations_deg or [0.0] * len(pictures))
    seen = overviews_of(engine, [one.geometry for one in whole], [one.pixels for one in whole])
    heatmaps = _locate_both_ways(engine, seen.pictures)
    found = []
    for view, heatmap, frame in zip(whole, heatmaps, seen.frames, strict=True):
        place = decode_heatmap(heatmap, frame, seen.spec)
        found.append(replace(place, center_px=view.to_stored(*place.center_px)))
    return agree_in_stacks(geometries, found)


def whole_slices(
    geometries: Sequence[SliceGeometry],
    pictures: Sequence[FloatImage],
    rotations_deg: Sequence[float],
) -> tuple[Upright, ...]:
    """Return slices turned upright about their middle."""
    return tuple(
        upright(pixels, one, ((one.columns - 1) / 2, (one.rows - 1) / 2), degrees)
        for pixels, one, degrees in zip(pictures, geometries, rotations_deg, strict=True)
    )


def overviews_of(
    engine: Engine, geometries: Sequence[SliceGeometry], pictures: Sequence[FloatImage]
) -> Overviews:
    """Return slices as the bundle's locator sees them."""
    spec = engine.bundle.manifest.locator or OverviewSpec()
    views = [
        overview(picture, geometry, spec)
        for picture, geometry in zip(pictures, geometries, strict=True)
    ]
    stack = np.stack([picture for picture, _ in views])
    return Overviews(spec, stack, tuple(frame for _, frame in views))


def _locate_both_ways(engine: Engine, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average the log maps (N, h, w) of the pictures (N, s, s) and of their mirror images.

    Backs are nearly symmetric: what is found in one of the two only is seldom the canal.
    """
    maps = engine.locate(np.concatenate([pictures, pictures[:, :, ::-1]]))
    maps = maps - maps.max(axis=(1, 2), keepdims=True)  # no overflow in exp
    maps = maps - np.log(np.exp(maps).sum(axis=(1, 2), keepdims=True))
    plain, mirrored = maps[: len(pictures)], maps[len(pictures) :, :, ::-1]
    return np.asarray((plain + mirrored) / 2, dtype=np.float32)


def refusal(located: Located) -> str:
    """Return why a located slice must not be graded; empty if it may."""
    if located.confidence >= MIN_CONFIDENCE:
        return ""
    return (
        f"spinal canal not found (locator confidence {located.confidence:.2f}): "
        "give its position with --box X,Y,W,H"
    )


def describe(
    geometry: SliceGeometry, located: Located, spec: PatchSpec, source: str, angle_deg: float = 0.0
) -> tuple[Region, tuple[str, ...]]:
    """Return the region of a located slice and the warnings that belong to it.

    ``angle_deg`` is by how much its square is turned against the slice's rows.
    """
    confidence = located.confidence if source == FROM_LOCATOR else None
    region = region_of(geometry, located.center_px, spec, source, confidence)
    region = replace(region, angle_deg=angle_deg)
    warnings = [located.warning] if located.warning else []
    inside = (
        -0.5 <= column <= geometry.columns and -0.5 <= row <= geometry.rows
        for column, row in region.corners_px
    )
    if not all(inside):
        warnings.append("region extends beyond the edge of the slice")
    return region, tuple(warnings)


def _text(box: Box) -> str:
    return ",".join(f"{value:g}" for value in box)
