"""The discs of a study for a reader: five by name, on every slice of the sagittal series.

All five are there whatever the disc finder saw, so that no disc goes unread because a network
missed it; where it did, the reader looks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lumbargrade.errors import StudyError
from lumbargrade.grading.level import Level
from lumbargrade.inference.levels.stack import NamedLevels, users_word
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs
from lumbargrade.outputs.page.pictures.display import Display, displayed
from lumbargrade.outputs.page.pictures.views import UNKNOWN_EDGES
from lumbargrade.serving.reading_room.viewing.picture import picture_of
from lumbargrade.serving.reading_room.viewing.spine import disc_names
from lumbargrade.serving.reading_room.viewing.views import DiscView, Picture
from lumbargrade.study.geometry import Vector
from lumbargrade.study.model import Slice, Study
from lumbargrade.study.patch import SAGITTAL_VIEW
from lumbargrade.study.series.sagittal import sagittal_series
from lumbargrade.study.squares import Box

REGION_MM = 75.0
"""A lumbar disc is some 35 mm deep, and the next one some 40 mm away: both are seen with it."""

CANAL_MM = 15.0
"""Behind the discs: the canal, and not the fat behind it, which is brighter."""

NO_DOUBT = frozenset(users_word(level) for level in Level)
"""The cohort names its own slices: no reader needs to be told that."""

NO_SERIES = "The study has no sagittal series: none of its discs can be graded (X)."

_EMPTY = Picture(
    width_mm=100.0,
    height_mm=100.0,
    rows=2,
    columns=2,
    letters=UNKNOWN_EDGES,
    window=(0.0, 1.0),
    pixels=bytes(8),
)
"""Shown where there is none, so that what cannot be read is said and not passed over."""


@dataclass(frozen=True)
class Discs:
    """The discs to read, the planes on which they are, and what makes their names doubtful."""

    discs: tuple[DiscView, ...] = ()
    planes: tuple[Picture, ...] = ()
    doubts: tuple[str, ...] = ()


def disc_views(study: Study, spine: SpineDiscs, named: NamedLevels, first: int) -> Discs:
    """Return the lumbar discs of a study, numbered from ``first`` on, cranial to caudal.

    ``spine`` is what was found, ``named`` how its discs are called; else they have the names that
    the sagittal series itself gives them. A plane that cannot be decoded is left out and told.
    """
    series = sagittal_series(study)
    slices = () if series is None else series.all_slices
    shown, faults = [], []
    for number, item in enumerate(slices, start=1):
        try:
            shown.append(displayed(item.load_pixels(), item.geometry, SAGITTAL_VIEW))
        except StudyError:  # its text names a file, which is not for readers
            faults.append(f"Sagittal slice {number} is damaged and not shown.")
    if not shown:
        empty = tuple(_without(first + place, level) for place, level in enumerate(Level))
        return Discs(empty, (_EMPTY,), (NO_SERIES, *faults))
    names = disc_names(spine, named.discs)
    found = {name: disc for disc, name in zip(spine.discs, names, strict=True) if name}
    discs = tuple(
        _disc(first + place, level, found.get(level), shown) for place, level in enumerate(Level)
    )
    return Discs(
        discs,
        tuple(picture_of(one, _discs_and_canal(one, spine.discs)) for one in shown),
        (*faults, *map(_sentence, _about_names(spine, named, slices)), *_missing(discs)),
    )


def _about_names(spine: SpineDiscs, named: NamedLevels, slices: Sequence[Slice]) -> Iterator[str]:
    """What makes the names doubtful, once, without what names a file."""
    for doubt in dict.fromkeys((*spine.doubts, *named.warnings)):
        if doubt not in NO_DOUBT and not any(one.label in doubt for one in slices):
            yield doubt


def _without(number: int, level: Level) -> DiscView:
    return DiscView(number, level.value, 1, (50.0, 50.0, 100.0), False)


def _disc(number: int, level: Level, disc: SpineDisc | None, shown: Sequence[Display]) -> DiscView:
    if disc is None:
        plane = len(shown) // 2
        height, width = shown[plane].geometry.size_mm
        region = (width / 2, height / 2, min(width, height))
        return DiscView(number, level.value, plane + 1, region, False)
    centre = disc.center_mm
    plane = min(range(len(shown)), key=lambda one: _apart(shown[one], centre))
    x, y, z = centre.tolist()
    across, down = shown[plane].to_mm((x, y, z))
    return DiscView(number, level.value, plane + 1, (across, down, REGION_MM), True)


def _apart(one: Display, point_mm: Vector) -> float:
    return abs(float(one.geometry.to_pixel(point_mm)[2]))


def _discs_and_canal(shown: Display, found: Sequence[SpineDisc]) -> Box:
    """The part whose greys are spread: a disc's signal is judged against that of the CSF."""
    height, width = shown.geometry.size_mm
    if not found:
        return 0.0, 0.0, width, height
    corners = [corner for disc in found for corner in disc.corners_mm.tolist()]
    across, down = np.array([shown.to_mm((x, y, z)) for x, y, z in corners]).T
    left, top = float(across.min()), float(down.min())
    return left, top, float(across.max()) + CANAL_MM - left, float(down.max()) - top


def _sentence(doubt: str) -> str:
    return f"{doubt[:1].upper()}{doubt[1:]}".rstrip(".") + "."


def _missing(discs: Sequence[DiscView]) -> Iterator[str]:
    lost = [one.level for one in discs if not one.is_found]
    if lost:
        yield f"Not found, look on the whole picture (− zooms out): {', '.join(lost)}."
