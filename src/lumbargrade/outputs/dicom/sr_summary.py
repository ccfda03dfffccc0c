"""Worst grades of levels and of the study in a structured report: TID 1501, no region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highdicom as hd
from pydicom.dataset import Dataset

from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.grading.summary import WorstGrade, level_summaries, study_summary
from lumbargrade.grading.system import GradingSystem, output_name
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom.sr_content import answers_of, ends_of, evaluations, site_of
from lumbargrade.outputs.dicom.sr_references import reference_of, source_of
from lumbargrade.outputs.dicom.sr_text import comments_of, with_comments
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.uids import uid_of


@dataclass(frozen=True)
class SrSummary:
    """The worst grade of a level, or of the study, as a report holds it.

    ``level`` is None for the study; the picture ("" = none) is the slice that has the grade.
    ``reason`` as in ``WorstGrade``.
    """

    level: LevelAssignment | None
    system: str
    side: Side | None
    grade: int | None
    sop_instance_uid: str = ""
    frame_number: int = 1
    grade_set: tuple[int, int] | None = None
    doubts: tuple[str, ...] = ()
    reason: str = ""


def summaries_of(graded: GradedStudy) -> list[SrSummary]:
    """Return the summaries of a study, levels caudal to cranial, then the study.

    The image grade of a system with sides is left out: it is the worse side.
    """
    rows: list[tuple[LevelAssignment | None, WorstGrade]] = [
        (level.level, worst) for level in level_summaries(graded.grades) for worst in level.worst
    ]
    rows += [(None, worst) for worst in study_summary(graded.grades)]
    return [
        _summary(level, worst)
        for level, worst in rows
        if worst.side is not None or not graded.systems[worst.system].per_side
    ]


def groups(
    summaries: Sequence[SrSummary],
    evidence: Mapping[str, Dataset],
    systems: Mapping[str, GradingSystem],
    algorithm: hd.sr.AlgorithmIdentification | None,
) -> Iterator[Any]:
    """Yield one measurement group for each summary."""
    for one in summaries:
        system = systems[one.system]
        scope, level, source = codes.STUDY_SCOPE, None, None
        if one.level is not None:
            scope, level, source = codes.LEVEL_SCOPE, one.level.level, one.level.source
        images = None
        if one.sop_instance_uid:
            picture = source_of(evidence[one.sop_instance_uid], one.frame_number)
            images = [hd.sr.SourceImageForMeasurementGroup(*picture)]
        group = hd.sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=_tracking(one, evidence),
            finding_type=codes.finding_code(system),
            algorithm_id=algorithm,
            finding_sites=[site_of(level, one.side)],
            qualitative_evaluations=[
                hd.sr.QualitativeEvaluation(codes.SCOPE, scope),
                *evaluations(system, one.grade, one.grade_set, source),
            ],
            source_images=images,
        )
        comments = one.doubts if one.grade is not None else tuple(filter(None, [one.reason]))
        yield with_comments(group, comments)


def is_summary(group: Any) -> bool:
    """Return whether a group of a report holds a summary, and not a slice."""
    return codes.SCOPE.value in answers_of(group)


def read_group(group: Any) -> SrSummary:
    """Return the summary of one group, as :func:`groups` wrote it, without the disc's block.

    Raises ValueError if a code is not one of ours.
    """
    answers = answers_of(group)
    system = str(group.finding_type.value)
    grade = codes.grade_of(answers[codes.grade_concept_value(system)])
    (site,) = group.finding_sites
    level = None
    if answers[codes.SCOPE.value].value == codes.LEVEL_SCOPE.value:
        source = codes.level_source_of(answers[codes.LEVEL_SOURCE.value])
        level = LevelAssignment(codes.level_of(site.value), source)
    sop, frame = ("", 1) if grade is None else reference_of(group)
    side, said = codes.side_of(site.laterality), comments_of(group)
    doubts, reason = (said, "") if grade is not None else ((), "; ".join(said))
    return SrSummary(level, system, side, grade, sop, frame, ends_of(answers), doubts, reason)


def _summary(level: LevelAssignment | None, worst: WorstGrade) -> SrSummary:
    item, ends = worst.slice, worst.grade_set
    return SrSummary(
        level,
        worst.system,
        worst.side,
        worst.grade,
        "" if item is None else item.sop_instance_uid,
        1 if item is None else item.frame_number,
        (min(ends), max(ends)) if ends else None,
        worst.doubts,
        worst.reason,
    )


def _tracking(one: SrSummary, evidence: Mapping[str, Dataset]) -> hd.sr.TrackingIdentifier:
    where = "study" if one.level is None else f"disc {one.level.block}"
    name = f"{where} {output_name(one.system, one.side)}"
    what = f"{next(iter(evidence.values())).StudyInstanceUID} {name}"
    return hd.sr.TrackingIdentifier(uid=uid_of(what.encode(), "tracking"), identifier=name)
