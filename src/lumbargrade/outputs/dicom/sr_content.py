"""Grades as the content of a structured report: TID 1500, one group a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from lumbargrade.errors import OutputError
from lumbargrade.grading.finding import Finding, Region, Side
from lumbargrade.grading.level import Level, LevelSource
from lumbargrade.grading.system import GradingSystem, output_name
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom.sr_references import named_picture, reference_of, source_of
from lumbargrade.outputs.dicom.sr_text import comments_of, printable, with_comments
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.uids import uid_of

Box = tuple[float, float, float, float]
"""(x, y, width, height); (0, 0) is the centre of the first pixel."""

Corners = tuple[tuple[float, float], ...]
"""(column, row) of the four corners of a square that is turned against the rows."""

CENTRE_PX = 0.5
"""In a report, (0, 0) is the outer corner of the first pixel (PS3.3 C.18.6.1.2)."""

DECIMALS = 3


@dataclass(frozen=True)
class SrFinding:
    """One finding as a report holds it; what :func:`findings_of` and reading agree on.

    ``probability`` is that of the grade; ``box`` is clipped to the picture, whole
    thousandths of a pixel; both None where there is none. ``corners`` stand in place of the box
    where the region is turned against the rows. ``level_source`` is None where nobody
    asked how the level is known; ``doubts`` and ``reason`` as in ``grading.finding``.
    """

    sop_instance_uid: str
    frame_number: int
    system: str
    side: Side | None
    level: Level | None
    grade: int | None
    probability: float | None = None
    grade_set: tuple[int, int] | None = None
    box: Box | None = None
    corners: Corners | None = None
    level_source: LevelSource | None = None
    doubts: tuple[str, ...] = ()
    reason: str = ""


def findings_of(graded: GradedStudy, evidence: Mapping[str, Dataset]) -> list[SrFinding]:
    """Return the findings of a study that a report holds, slice by slice.

    The image grade of a system with sides is left out: it is the worse side. ``evidence`` is SOP
    Instance UID -> decoded header of the picture. Raises OutputError if a graded slice has no
    header to refer to.
    """
    found: list[SrFinding] = []
    for item in graded.grades.slices:
        reference = evidence.get(item.sop_instance_uid)
        if reference is None:
            raise OutputError(
                f"slice {item.source_file} has no DICOM header to reference: structured reports "
                "are written for DICOM studies only"
            )
        for one in item.findings:
            if graded.systems[one.system].per_side and one.side is None:
                continue
            found.append(
                SrFinding(
                    item.sop_instance_uid,
                    item.frame_number,
                    one.system,
                    one.side,
                    item.level.level,
                    one.grade,
                    chance_of(one),
                    ends_of_set(one),
                    None if item.region.angle_deg else clipped(item.region.box_px, reference),
                    _turned_corners(item.region),
                    item.level.source,
                    tuple(map(printable, one.doubts)),
                    printable(one.reason),
                )
            )
    return found


def chance_of(one: Finding) -> float | None:
    """Return the probability of a grade as a report holds it; None where it is not known."""
    known = one.grade is not None and len(one.probabilities) > one.grade
    return round(one.probabilities[one.grade or 0], 4) if known else None


def ends_of_set(one: Finding) -> tuple[int, int] | None:
    """Return the lowest and the highest grade of a set; None where it is not known."""
    return (min(one.grade_set), max(one.grade_set)) if one.grade_set else None


def _turned_corners(region: Region) -> Corners | None:
    if not region.angle_deg:
        return None
    return tuple((round(x, DECIMALS), round(y, DECIMALS)) for x, y in region.corners_px)


def clipped(box: Box, reference: Dataset) -> Box | None:
    """Return the part of a box that lies on the picture; None if none does."""
    x, y, width, height = box
    left, top = max(x, -CENTRE_PX), max(y, -CENTRE_PX)
    right = min(x + width, int(reference.Columns) - CENTRE_PX)
    bottom = min(y + height, int(reference.Rows) - CENTRE_PX)
    if right <= left or bottom <= top:
        return None
    # The corners are rounded, not the size: a report holds corners.
    left, top, right, bottom = (round(value, DECIMALS) for value in (left, top, right, bottom))
    return left, top, round(right - left, DECIMALS), round(bottom - top, DECIMALS)


def groups(
    findings: list[SrFinding],
    evidence: Mapping[str, Dataset],
    systems: Mapping[str, GradingSystem],
    algorithm: hd.sr.AlgorithmIdentification | None,
) -> Iterator[Any]:
    """Yield one measurement group of TID 1410 or 1501 for each finding."""
    for one in findings:
        system = systems[one.system]
        common: dict[str, Any] = {
            "tracking_identifier": _tracking(one),
            "finding_type": codes.finding_code(system),
            "algorithm_id": algorithm,
            "finding_sites": [site_of(one.level, one.side)],
            "measurements": list(_measurements(one)),
            "qualitative_evaluations": list(
                evaluations(system, one.grade, one.grade_set, one.level_source)
            ),
        }
        comments = one.doubts if one.grade is not None else tuple(filter(None, [one.reason]))
        source = source_of(evidence[one.sop_instance_uid], one.frame_number)
        outline = _outline(one)
        if outline is None:
            images = [hd.sr.SourceImageForMeasurementGroup(*source)]
            group: Any = hd.sr.MeasurementsAndQualitativeEvaluations(**common, source_images=images)
        else:
            region = hd.sr.ImageRegion("POLYLINE", outline, hd.sr.SourceImageForRegion(*source))
            group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
                **common, referenced_region=region
            )
        yield with_comments(group, comments)


def _tracking(one: SrFinding) -> hd.sr.TrackingIdentifier:
    name = output_name(one.system, one.side)
    # Several discs of one sagittal slice have a grade; an axial slice has one of a system and side.
    where = f" {one.level} {one.corners}" if one.corners is not None else ""
    what = f"{one.sop_instance_uid} {one.frame_number} {name}{where}"
    return hd.sr.TrackingIdentifier(uid=uid_of(what.encode(), "tracking"), identifier=name)


def site_of(level: Level | None, side: Side | None) -> hd.sr.FindingSite:
    """Return the disc of a level (the lumbar spine where it is not known) and a side."""
    laterality = None if side is None else codes.SIDES[side]
    return hd.sr.FindingSite(codes.site_code(level), laterality=laterality)


def _measurements(one: SrFinding) -> Iterator[hd.sr.Measurement]:
    if one.probability is not None:
        yield hd.sr.Measurement(codes.PROBABILITY, one.probability, codes.NO_UNITS)


def evaluations(
    system: GradingSystem,
    grade: int | None,
    grade_set: tuple[int, int] | None,
    level_source: LevelSource | None,
) -> Iterator[hd.sr.QualitativeEvaluation]:
    """Yield a grade, its severity, the ends of its set, and how its level is known, as codes."""
    yield hd.sr.QualitativeEvaluation(codes.grade_concept(system), codes.grade_code(system, grade))
    four_degrees = system.ordered and len(system.grades) == len(codes.SEVERITIES)
    if grade is not None and four_degrees:
        yield hd.sr.QualitativeEvaluation(codes.SEVERITY, codes.SEVERITIES[grade])
    if grade_set is not None:
        for concept, end in zip(_ENDS, grade_set, strict=True):
            yield hd.sr.QualitativeEvaluation(concept, codes.grade_code(system, end))
    if level_source is not None:
        source = codes.LEVEL_SOURCES[level_source]
        yield hd.sr.QualitativeEvaluation(codes.LEVEL_SOURCE, source)


_ENDS = (codes.SET_LOW, codes.SET_HIGH)


def _outline(one: SrFinding) -> np.ndarray | None:
    """Return the closed outline, (5, 2) of (column, row) from the corner of the picture."""
    if one.corners is not None:
        corners = one.corners
    elif one.box is not None:
        x, y, width, height = one.box
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    else:
        return None
    closed = np.array([*corners, corners[0]], dtype=np.float64)
    return np.asarray((closed + CENTRE_PX).round(DECIMALS))


def read_group(group: Any) -> SrFinding:
    """Return the finding of one group, as :func:`groups` wrote it.

    Raises ValueError if a code is not one of ours, or the group refers to no picture.
    """
    answers = answers_of(group)
    system = _code(group.finding_type).value
    (site,) = group.finding_sites
    numbers = {item.name.value: float(item.value) for item in group.get_measurements()}
    grade = codes.grade_of(answers[codes.grade_concept_value(system)])
    source = answers.get(codes.LEVEL_SOURCE.value)
    comments = comments_of(group)
    sop, frame, box, corners = _place(group)
    return SrFinding(
        sop,
        frame,
        system,
        codes.side_of(None if site.laterality is None else _code(site.laterality)),
        codes.level_of(_code(site.value)),
        grade,
        numbers.get(codes.PROBABILITY.value),
        ends_of(answers),
        box,
        corners,
        None if source is None else codes.level_source_of(source),
        () if grade is None else comments,
        "; ".join(comments) if grade is None else "",
    )


def answers_of(group: Any) -> dict[str, Code]:
    """Return the answer to each question of a group, by the value of the question's code."""
    return {item.name.value: _code(item.value) for item in group.get_qualitative_evaluations()}


def ends_of(answers: Mapping[str, Code]) -> tuple[int, int] | None:
    """Return the lowest and highest grade of a set; None where there is no set."""
    ends = [codes.grade_of(answers[one.value]) for one in _ENDS if one.value in answers]
    return (ends[0] or 0, ends[1] or 0) if len(ends) == len(_ENDS) else None


def _place(group: Any) -> tuple[str, int, Box | None, Corners | None]:
    """Return (SOP Instance UID, frame, box, corners) of the picture that a group speaks of."""
    if isinstance(group, hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations):
        region: Any = group.roi
        (left, top), (_, beside), (right, bottom) = region.value[:3]
        item = region.ContentSequence[0].ReferencedSOPSequence[0]
        if beside != top:
            placed = np.round(np.asarray(region.value[:4]) - CENTRE_PX, DECIMALS).tolist()
            return *named_picture(item), None, tuple((x, y) for x, y in placed)
        edges = (left - CENTRE_PX, top - CENTRE_PX, right - left, bottom - top)
        rounded = [round(float(value), DECIMALS) for value in edges]
        return *named_picture(item), (rounded[0], rounded[1], rounded[2], rounded[3]), None
    return *reference_of(group), None, None


def _code(concept: hd.sr.CodedConcept) -> Code:
    return Code(concept.value, concept.scheme_designator, concept.meaning)
