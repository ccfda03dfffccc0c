"""Find the discs of a study's spine on its sagittal series."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np

from lumbargrade.errors import StudyError
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.sagittal.decode import Peak, peaks_of
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs
from lumbargrade.inference.sagittal.merge import Seen, merged
from lumbargrade.inference.sagittal.square import FINDER_SQUARE
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.patch import SAGITTAL_VIEW, PatchFrame, overview
from lumbargrade.study.series.sagittal import SagittalSeries, sagittal_series

OVERLAP_MM = 120.0
"""Squares of a taller picture overlap by so much: three discs."""

ASIDE_MM = 40.0
"""From the middle of the middle slices: farther out there is little spine, and axial fields end."""
MOST_ASIDE = 6
"""Slices beside the middle ones that are compared with axial ones, spread evenly."""

NOTHING = SpineDiscs()


def find_spine(engine: Engine, study: Study) -> SpineDiscs:
    """Return the discs that the sagittal series of a study shows.

    Empty where the bundle finds no discs or the study has no sagittal series. A series of the
    axial slices' frame of reference is preferred.
    """
    if engine.bundle.disc_finder_path is None:
        return NOTHING
    series = sagittal_series(study)
    if series is None:
        return NOTHING
    frame = series.slices[0].frame_of_reference_uid
    faults, pictures = [], []
    for item in series.slices:
        try:
            pictures.append(_picture(item, item.load_pixels()))
        except StudyError as error:
            faults.append(f"{item.label}: {error}; it was not used for the levels")
    found = merged(discs_of_slices(engine, [(one.pixels, one.geometry) for one in pictures]))
    doubts = (*faults, *found.doubts)
    shown = _nearest(pictures, found.discs)
    return SpineDiscs(
        discs=found.discs,
        frame_of_reference_uid=frame,
        series=series.label,
        doubts=doubts,
        picture=shown,
        contrast=series.contrast,
        pictures=tuple(pictures),
        aside=_aside(series),
    )


def pictures_aside(spine: SpineDiscs) -> list[SagittalPicture]:
    """Return the middle pictures and those on either side, which show one side of the patient.

    On the latter no disc is read, so one that cannot be decoded is left out without a word.
    """
    found = [*spine.pictures]
    for item in spine.aside:
        with suppress(StudyError):
            found.append(_picture(item, item.load_pixels()))
    return found


def _aside(series: SagittalSeries) -> tuple[Slice, ...]:
    """Return some slices on either side of the middle ones."""
    middle = {one.identity for one in series.slices}
    at = np.mean([one.geometry.center_mm[0] for one in series.slices])
    others = [
        one
        for one in series.all_slices
        if one.identity not in middle and abs(one.geometry.center_mm[0] - at) <= ASIDE_MM
    ]
    few = max(1, math.ceil(len(others) / MOST_ASIDE))
    return tuple(others[::few])


def _picture(item: Slice, pixels: FloatImage) -> SagittalPicture:
    return SagittalPicture(
        series_instance_uid=item.series_instance_uid,
        sop_instance_uid=item.sop_instance_uid,
        frame_number=item.frame_number,
        source_file=item.source_file,
        geometry=item.geometry,
        pixels=pixels,
        frame_of_reference_uid=item.frame_of_reference_uid,
    )


def _nearest(
    pictures: Sequence[SagittalPicture], discs: Sequence[SpineDisc]
) -> SagittalPicture | None:
    """Return the slice nearest to the middles of the discs; None where there are none."""
    if not discs:
        return None
    middle = np.mean([one.center_mm for one in discs], axis=0)

    def apart(one: SagittalPicture) -> float:
        return abs(one.geometry.to_pixel(middle)[2])

    return min(pictures, key=apart)


def discs_of_slice(engine: Engine, pixels: FloatImage, geometry: SliceGeometry) -> list[Seen]:
    """Return the discs of one sagittal slice in patient coordinates, the surest first."""
    return discs_of_slices(engine, [(pixels, geometry)])[0]


def discs_of_slices(
    engine: Engine, slices: Sequence[tuple[FloatImage, SliceGeometry]]
) -> list[list[Seen]]:
    """As :func:`discs_of_slice` for each slice: all go through the network together, whose
    batches cost the same however few are in them.
    """
    cut = [list(_squares(*one)) for one in slices]
    squares = [square for own in cut for square, _ in own]
    given = engine.find_discs(np.stack(squares)) if squares else None
    if given is None:
        return [[] for _ in slices]
    maps = zip(*given, strict=True)
    found = []
    for (_, geometry), own in zip(slices, cut, strict=True):
        seen = [
            _placed(peak, frame, geometry) for _, frame in own for peak in peaks_of(*next(maps))
        ]
        found.append(sorted(seen, key=lambda one: -one.confidence))
    return found


def _squares(
    pixels: FloatImage, geometry: SliceGeometry
) -> Iterator[tuple[FloatImage, PatchFrame]]:
    """The finder's squares from head to feet: one, or several of a taller picture."""
    height = abs(geometry.size_mm[0] * geometry.column_direction[2]) + abs(
        geometry.size_mm[1] * geometry.row_direction[2]
    )
    edge = FINDER_SQUARE.spacing_mm * FINDER_SQUARE.pixels
    count = 1 + max(0, int(np.ceil((height - 1.1 * edge) / (edge - OVERLAP_MM))))
    reach = max(height - edge, 0.0) / 2
    upward = np.array([0.0, 0.0, 1.0])
    for shift in np.linspace(reach, -reach, count) if count > 1 else (0.0,):
        column, row, _ = geometry.to_pixel(geometry.center_mm + shift * upward)
        yield overview(pixels, geometry, FINDER_SQUARE, SAGITTAL_VIEW, (column, row))


def _placed(peak: Peak, frame: PatchFrame, geometry: SliceGeometry) -> Seen:
    square = peak.corners_mm / FINDER_SQUARE.spacing_mm + (FINDER_SQUARE.pixels - 1) / 2
    corners = [geometry.to_patient(*frame.to_pixel(u, v)) for u, v in square]
    return Seen(np.array(corners), peak.confidence, peak.on_sacrum)
