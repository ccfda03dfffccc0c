"""The sagittal picture for a reader: discs by name, slices as lines."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.errors import StudyError
from lumbargrade.grading.level import Level, LevelAssignment
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.outputs.page.pictures.display import displayed
from lumbargrade.outputs.page.pictures.sagittal import cut_line, part_around
from lumbargrade.serving.reading_room.viewing.picture import picture_of
from lumbargrade.serving.reading_room.viewing.views import DiscMark, SagittalView
from lumbargrade.study.model import Slice, Study
from lumbargrade.study.patch import SAGITTAL_VIEW
from lumbargrade.study.series.sagittal import sagittal_series


def sagittal_view(
    study: Study,
    spine: SpineDiscs,
    names: Sequence[LevelAssignment],
    slices: Sequence[tuple[int, Slice]],
) -> SagittalView | None:
    """Return the sagittal picture; None where the study has none that can be decoded.

    Parameters
    ----------
    spine, names : the discs that were found, caudal to cranial, and their levels. Without discs
        the middle slice of the series is shown whole.
    slices : the axial ones with their numbers; one of another frame of reference has no line.
    """
    picture = spine.picture or _middle(study)
    if picture is None:
        return None
    try:
        stored = picture.load_pixels() if isinstance(picture, Slice) else picture.pixels
    except StudyError:
        return None
    shown = displayed(stored, picture.geometry, SAGITTAL_VIEW)
    discs = [
        DiscMark(name, tuple(shown.to_mm((x, y, z)) for x, y, z in disc.corners_mm.tolist()))
        for disc, name in zip(spine.discs, disc_names(spine, names), strict=True)
    ]
    height, width = shown.geometry.size_mm
    named = [one for one in discs if one.level] or discs
    points = [corner for one in named for corner in one.corners_mm]
    box = part_around(points, width, height) if points else (0.0, 0.0, width, height)
    lines = [
        cut_line(number, item.geometry, shown)
        for number, item in slices
        if item.frame_of_reference_uid == picture.frame_of_reference_uid
    ]
    return SagittalView(
        **vars(picture_of(shown, box)),
        view_box=box,
        discs=tuple(reversed(discs)),
        lines=tuple(line for line in lines if line is not None),
    )


def disc_names(spine: SpineDiscs, names: Sequence[LevelAssignment]) -> list[Level | None]:
    """Return the level of each disc; without ``names``, that which the series itself gives it."""
    return [one.level for one in names] or [one.level for one in spine.discs]


def _middle(study: Study) -> Slice | None:
    series = sagittal_series(study)
    return None if series is None else series.slices[len(series.slices) // 2]
