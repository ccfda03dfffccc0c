"""The discs of a study as its grades speak of them."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.grading.finding import DiscGrades, PointMm, SliceReference
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs, Vector


def disc_grades(spine: SpineDiscs, levels: Sequence[LevelAssignment]) -> tuple[DiscGrades, ...]:
    """Return the discs of the sagittal series, caudal to cranial, each with its level."""
    if spine.picture is None:
        return ()
    pairs = zip(spine.discs, levels, strict=True)
    return tuple(_grades(spine.picture, disc, level) for disc, level in pairs)


def _grades(picture: SliceReference, disc: SpineDisc, level: LevelAssignment) -> DiscGrades:
    first, second, third, fourth = (_point(corner) for corner in disc.corners_mm)
    return DiscGrades(
        series_instance_uid=picture.series_instance_uid,
        sop_instance_uid=picture.sop_instance_uid,
        frame_number=picture.frame_number,
        source_file=picture.source_file,
        level=level,
        corners_mm=(first, second, third, fourth),
        confidence=disc.confidence,
    )


def _point(corner: Vector) -> PointMm:
    x, y, z = map(float, corner)
    return x, y, z
