"""From the DICOM folder of a patient to what a reader sees: one call, some seconds of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.grading.level import LevelAssignment, LevelSource
from lumbargrade.grading.system import Unit
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.levels.name import name_levels
from lumbargrade.inference.levels.stack import NamedLevels
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.inference.sagittal.find import find_spine
from lumbargrade.outputs.page.pictures.display import Display, displayed
from lumbargrade.outputs.page.pictures.views import UNKNOWN_EDGES
from lumbargrade.serving.reading_room.viewing.discs import Discs, disc_views
from lumbargrade.serving.reading_room.viewing.found import Found, FoundStudy, find_slices
from lumbargrade.serving.reading_room.viewing.picture import picture_of
from lumbargrade.serving.reading_room.viewing.places import LookedAt, places_of
from lumbargrade.serving.reading_room.viewing.spine import sagittal_view
from lumbargrade.serving.reading_room.viewing.views import (
    SliceView,
    StudyView,
)
from lumbargrade.study.model import Slice
from lumbargrade.study.patch import AXIAL_VIEW, SAGITTAL_VIEW, View
from lumbargrade.study.series.kind import plane_of
from lumbargrade.study.series.sagittal import SAGITTAL
from lumbargrade.study.squares import Box

FROM_COHORT = "cohort"
"""Source of a level that the cohort names."""


SLICES = frozenset({Unit.SLICE})


def study_view(
    study_folder: Path,
    slices: Sequence[CohortSlice],
    engine: Engine,
    units: frozenset[Unit] = SLICES,
) -> StudyView:
    """Return what a reader sees of the slices of one patient, of their discs, or of both.

    Levels are those of the cohort; where it names none, those of the sagittal series or of the
    order of the slices. Numbers run cranial to caudal, so that 1 is the uppermost slice.

    Raises
    ------
    StudyError
        If the folder holds no readable study, or a picture cannot be decoded.
    ReadingError
        If ``slices`` is empty, or one of them is not in the folder.
    """
    found = find_slices(study_folder, slices)
    spine = find_spine(engine, found.study)
    named = _named(found, spine)
    levels = iter(named.assignments)
    rows = [
        (one, place, next(levels) if one.is_axial else LevelAssignment())
        for one, place in zip(found.slices, places_of(engine, found.slices), strict=True)
    ]
    numbered = list(enumerate(reversed(rows), 1)) if Unit.SLICE in units else []
    discs = Discs()
    if Unit.DISC in units:
        discs = disc_views(found.study, spine, named, len(numbered) + 1)
    proposed_mm = engine.bundle.manifest.patch.size_mm
    lines = [(number, one.item) for number, (one, _, _) in numbered if one.is_axial]
    return StudyView(
        tuple(_slice_view(number, row, proposed_mm) for number, row in numbered),
        sagittal_view(found.study, spine, named.discs, lines),
        discs.discs,
        discs.planes,
        discs.doubts,
    )


def _named(found: FoundStudy, spine: SpineDiscs) -> NamedLevels:
    """The levels by the pictures; the cohort's name of the lowest disc, if any, counts first."""
    if not found.axial:
        return NamedLevels((), ())
    slices, blocks = [one.item for one in found.axial], [one.block for one in found.axial]
    return name_levels(slices, blocks, found.lowest_level, spine)


def _slice_view(
    number: int, row: tuple[Found, LookedAt, LevelAssignment], proposed_mm: float
) -> SliceView:
    one, place, level = row
    item, known = one.item, one.known.level
    view: View = SAGITTAL_VIEW if plane_of(item.geometry.normal) == SAGITTAL else AXIAL_VIEW
    shown = displayed(one.pixels, item.geometry, view)
    centre = _mm(place.center_px, item, shown)
    picture = picture_of(shown, _square(centre, place.size_mm))
    name = known or level.level
    return SliceView(
        **vars(replace(picture, letters=UNKNOWN_EDGES) if item.sides_doubt else picture),
        number=number,
        sop_instance_uid=item.sop_instance_uid,
        frame_number=item.frame_number,
        level=name,
        level_source=FROM_COHORT if known else level.source if name else LevelSource.UNKNOWN,
        region_mm=(*centre, place.size_mm),
        region_source=place.source,
        proposal_mm=None
        if place.proposed_px is None
        else _square(_mm(place.proposed_px, item, shown), proposed_mm),
        stored=item.geometry,
        shown=shown.geometry,
    )


def _mm(point_px: tuple[float, float], item: Slice, shown: Display) -> tuple[float, float]:
    x, y, z = item.geometry.to_patient(*point_px).tolist()
    return shown.to_mm((x, y, z))


def _square(centre: tuple[float, float], edge: float) -> Box:
    return centre[0] - edge / 2, centre[1] - edge / 2, edge, edge
