"""Grades of discs on the sagittal slice as the findings of a structured report."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from lumbargrade.grading.finding import DiscGrades, Finding
from lumbargrade.outputs.dicom.sr_content import (
    DECIMALS,
    Corners,
    SrFinding,
    chance_of,
    ends_of_set,
)
from lumbargrade.outputs.dicom.sr_text import printable
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import GradedStudy


def disc_findings_of(graded: GradedStudy, evidence: Container[str]) -> list[SrFinding]:
    """Return the findings of the discs, caudal to cranial, each outlined by its corners.

    None where the sagittal slice has no header in ``evidence`` (SOP Instance UIDs), or shares its
    UID with a graded axial slice, so that a report could not say which one it means.
    """
    shown = graded.sagittal
    axial = {item.sop_instance_uid for item in graded.grades.slices}
    if shown is None or shown.sop_instance_uid not in evidence or shown.sop_instance_uid in axial:
        return []
    return [
        _finding(disc, one, _corners(disc, shown.geometry))
        for disc in graded.grades.discs
        for one in disc.findings
    ]


def _finding(disc: DiscGrades, one: Finding, corners: Corners) -> SrFinding:
    return SrFinding(
        disc.sop_instance_uid,
        disc.frame_number,
        one.system,
        one.side,
        disc.level.level,
        one.grade,
        chance_of(one),
        ends_of_set(one),
        corners=corners,
        level_source=disc.level.source,
        doubts=tuple(map(printable, one.doubts)),
        reason=printable(one.reason),
    )


def _corners(disc: DiscGrades, geometry: SliceGeometry) -> Corners:
    places = [geometry.to_pixel(np.array(corner)) for corner in disc.corners_mm]
    return tuple((round(float(x), DECIMALS), round(float(y), DECIMALS)) for x, y, _ in places)
