"""Where each slice of a study is read: the locator's place, one box, or each slice's drawn box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lumbargrade.errors import StudyError
from lumbargrade.inference import regions
from lumbargrade.inference.bundle_json import Manifest
from lumbargrade.inference.cutting.candidates import Candidate
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.locate import Located
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Slice, Study
from lumbargrade.study.patch import PatchSpec
from lumbargrade.study.squares import Box

DrawnBoxes = Mapping[tuple[str, str], Box]
"""(Series Instance UID, SOP Instance UID) -> the box that a reader drew on that slice."""

NOT_DRAWN = "no region was drawn on this slice"
MANY_FRAMES = "a box was drawn on its file, which has several frames: nothing says on which"

FAR_MM = 10.0
"""Twice the shift that the packaged recipes train with (5 mm): farther off, a model sees
what it never saw."""


@dataclass(frozen=True)
class Given:
    """What the user gives in place of the locator: a box for all slices, or one of each slice.

    Both None: nothing. Not both are given.
    """

    box_px: Box | None = None
    drawn: DrawnBoxes | None = None

    @property
    def nothing(self) -> bool:
        """Whether the locator is asked."""
        return self.box_px is None and self.drawn is None


@dataclass(frozen=True)
class Place:
    """The square of one slice: where it lies, its size, and who said so."""

    located: Located
    spec: PatchSpec
    source: str


def narrowest_mm(manifest: Manifest, given: Given) -> float:
    """Return the field of view (mm) below which no slice of a study can be graded.

    0 where each box has its own size: then the slice with its box decides.
    """
    own_size = manifest.region_rule.is_drawn and not given.nothing
    return 0.0 if own_size else manifest.patch.size_mm


def find_places(engine: Engine, candidates: Sequence[Candidate], given: Given) -> list[Place | str]:
    """Return the place of each slice (caudal to cranial), or why it has none.

    Raises StudyError if the one box of the user does not fit a slice.
    """
    manifest = engine.bundle.manifest
    if given.box_px is not None:
        return [
            _of_box(manifest, one.slice.geometry, given.box_px, regions.FROM_BOX)
            for one in candidates
        ]
    if given.drawn is None:
        found = _located(engine, candidates)
        return [
            regions.refusal(one) or Place(one, manifest.patch, regions.FROM_LOCATOR)
            for one in found
        ]
    slices = [one.slice for one in candidates]
    frames = Counter(map(_key, slices))
    return [_of_drawn(manifest, item, given.drawn, frames[_key(item)]) for item in slices]


def place_doubts(
    engine: Engine, candidates: Sequence[Candidate], places: Sequence[Place | str]
) -> list[str]:
    """Return what a reader must know of the places, one sentence each."""
    manifest = engine.bundle.manifest
    sources = {one.source for one in places if isinstance(one, Place)}
    doubts = []
    if manifest.region_rule.is_drawn and regions.FROM_LOCATOR in sources:
        doubts.append(
            "the model was trained on drawn boxes, and none was given: squares of "
            f"{manifest.patch.size_mm:.0f} mm, the median of its training, were cut where the "
            "locator found the region"
        )
    if manifest.locator is not None and regions.FROM_DRAWN in sources:
        doubts += _far(engine, candidates, places)
    return doubts


def lost_boxes(study: Study, drawn: DrawnBoxes | None) -> list[str]:
    """Say how many boxes belong to series of the study and to none of their slices."""
    if drawn is None:
        return []
    there = {_key(item) for series in study.series for item in series.slices}
    names = {series.series_instance_uid for series in study.series}
    lost = [key for key in drawn if key[0] in names and key not in there]
    return [f"slices with a drawn box that the study does not have: {len(lost)}"] if lost else []


def _key(item: Slice) -> tuple[str, str]:
    return item.series_instance_uid, item.sop_instance_uid


def _of_box(manifest: Manifest, geometry: SliceGeometry, box: Box, source: str) -> Place:
    center = regions.box_center(box, geometry)
    spec = manifest.region_rule.square(manifest.patch, geometry, box)
    return Place(Located(center, 1.0), spec, source)


def _of_drawn(manifest: Manifest, item: Slice, drawn: DrawnBoxes, frames: int) -> Place | str:
    box = drawn.get(_key(item))
    if box is None:
        return NOT_DRAWN
    if frames > 1:
        return MANY_FRAMES
    try:
        return _of_box(manifest, item.geometry, box, regions.FROM_DRAWN)
    except StudyError as error:
        return str(error)


def _located(engine: Engine, candidates: Sequence[Candidate]) -> tuple[Located, ...]:
    return regions.find_regions(
        engine,
        [one.slice.geometry for one in candidates],
        [one.pixels for one in candidates],
        [one.rotation_deg for one in candidates],
    )


def _far(
    engine: Engine, candidates: Sequence[Candidate], places: Sequence[Place | str]
) -> list[str]:
    """Say so where most drawn boxes lie elsewhere than the model was taught to look."""
    placed = [
        (candidate, one.located.center_px)
        for candidate, one in zip(candidates, places, strict=True)
        if isinstance(one, Place)
    ]
    found = _located(engine, [candidate for candidate, _ in placed])
    apart = [
        _apart_mm(candidate.slice.geometry, center_px, seen.center_px)
        for (candidate, center_px), seen in zip(placed, found, strict=True)
        if not regions.refusal(seen)
    ]
    far = sum(one > FAR_MM for one in apart)
    if 2 * far <= len(apart):
        return []
    return [
        f"the centres of {far} of {len(apart)} drawn boxes lie more than {FAR_MM:g} mm from where "
        f"the model was taught to look (median {float(np.median(apart)):.0f} mm): compare with "
        'the located regions, or train on such boxes ([input] region = "drawn")'
    ]


def _apart_mm(
    geometry: SliceGeometry, one_px: tuple[float, float], other_px: tuple[float, float]
) -> float:
    return float(np.linalg.norm(geometry.to_patient(*one_px) - geometry.to_patient(*other_px)))
