"""The sagittal picture for a reader: discs by name, slices as lines."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.errors import StudyError
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.outputs.page.pictures.display import displayed
from lumbargrade.outputs.page.pictures.images import edge_letters, window_of
from lumbargrade.outputs.page.pictures.sagittal import cut_line, in_pixels, part_around
from lumbargrade.serving.reading_room.viewing.grey import sixteen_bit
from lumbargrade.serving.reading_room.viewing.views import DiscMark, Letters, SagittalView
from lumbargrade.study.geometry import SliceGeometry
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
        DiscMark(name.level, tuple(shown.to_mm((x, y, z)) for x, y, z in disc.corners_mm.tolist()))
        for disc, name in zip(spine.discs, _all(names, spine), strict=True)
    ]
    height, width = shown.geometry.size_mm
    named = [one for one in discs if one.level] or discs
    points = [corner for one in named for corner in one.corners_mm]
    box = part_around(points, width, height) if points else (0.0, 0.0, width, height)
    pixels = sixteen_bit(shown.pixels)
    lines = [
        cut_line(number, item.geometry, shown)
        for number, item in slices
        if item.frame_of_reference_uid == picture.frame_of_reference_uid
    ]
    return SagittalView(
        width_mm=width,
        height_mm=height,
        rows=pixels.shape[0],
        columns=pixels.shape[1],
        letters=css_letters(shown.geometry),
        window=window_of(pixels.astype("float32"), in_pixels(box, shown)),
        pixels=pixels.astype("<u2").tobytes(),
        view_box=box,
        discs=tuple(reversed(discs)),
        lines=tuple(line for line in lines if line is not None),
    )


def css_letters(geometry: SliceGeometry) -> Letters:
    """Return what lies at the top, right, bottom and left edge of a picture."""
    left, right, top, bottom = edge_letters(geometry)
    return top, right, bottom, left


def _all(names: Sequence[LevelAssignment], spine: SpineDiscs) -> Sequence[LevelAssignment]:
    return names or [LevelAssignment()] * len(spine.discs)


def _middle(study: Study) -> Slice | None:
    series = sagittal_series(study)
    return None if series is None else series.slices[len(series.slices) // 2]
