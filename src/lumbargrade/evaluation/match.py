"""Match predictions with a cohort's truth: what ``lumbargrade evaluate`` evaluates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match_records import cohort_image, records_of
from lumbargrade.evaluation.results import Material
from lumbargrade.grading import grades_json
from lumbargrade.grading.finding import SliceGrades, StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.statistics.bootstrap import FEW_PATIENTS
from lumbargrade.statistics.patients import (
    EXTERNAL,
    INTERNAL,
    LEARNT,
    PARTS,
    CohortImage,
    Count,
    Flow,
)

NAMED = 10
"""Patients that an error names; the others are counted."""


def read_predictions(folder: Path) -> list[StudyGrades]:
    """Read every ``grades.json`` below ``folder``.

    Raises
    ------
    EvaluationError
        If there is none.
    """
    paths = sorted(folder.rglob(grades_json.FILE_NAME)) if folder.is_dir() else []
    if not paths:
        raise EvaluationError(
            f"{folder}: no {grades_json.FILE_NAME} in it: give the folder that `grade` wrote "
            "(give grades of other software with --compare READINGS.csv)"
        )
    return [grades_json.read(path) for path in paths]


def unseen(studies: Sequence[StudyGrades], learnt: Collection[str]) -> list[StudyGrades]:
    """Return the studies without the slices that the model was trained on (SOP Instance UIDs).

    Raises
    ------
    EvaluationError
        If nothing is left.
    """
    kept = (
        replace(one, slices=tuple(s for s in one.slices if s.sop_instance_uid not in learnt))
        for one in studies
    )
    left = [one for one in kept if one.slices]
    if not left:
        raise EvaluationError(
            f"all {len(studies)} graded studies were in the training or validation set: "
            "grade the test part too"
        )
    return left


def match(
    studies: Sequence[StudyGrades],
    cohort: Cohort,
    learnt: Collection[str] | None = None,
    temperatures: Mapping[str, float] | None = None,
) -> Material:
    """Return the images of the cohort, each with its reference and what the model said.

    Parameters
    ----------
    learnt : SOP Instance UIDs that the model was trained on; None if not known.
    temperatures : of the model, by output name; None where they are not known.

    Raises
    ------
    EvaluationError
        If the predictions are of several models, of one image twice, of none of the
        cohort's images, or of patients that the model was trained on; or if the cohort has no
        reference grade.
    """
    model = one_model(studies)
    given = by_image(studies)
    contrasts = _contrasts(cohort, given)
    slices = [one for one in cohort.slices if one.contrast in contrasts]
    known = {one.sop_instance_uid for one in slices}
    if known.isdisjoint(given):
        raise EvaluationError(
            f"none of the {len(given)} graded slices is in {cohort.folder}: "
            "give the cohort whose studies were graded"
        )
    _refuse_learnt(slices, given, learnt or ())
    evaluated = [one for one in slices if one.sop_instance_uid not in (learnt or ())]
    tested = {one.sop_instance_uid for one in evaluated}
    records = records_of(evaluated, given, temperatures)
    if not records:
        raise EvaluationError(
            f"{cohort.folder}: no slice has a reference grade: give a cohort with grades"
        )
    images = tuple(cohort_image(one, _part(one, learnt or ())) for one in slices)
    patients = len({one.patient_id for one in evaluated})
    name = f"cohort '{cohort.folder.name}', {patients} patient{'' if patients == 1 else 's'}"
    return Material(
        model=model,
        cohort=f"the simulated {name}" if cohort.simulated else name,
        simulated=cohort.simulated,
        locked=learnt is not None,
        images=images,
        records=records,
        grades={code: len(GRADING_SYSTEMS[code].grades) for code in records},
        flow=_flow(cohort, images, given),
        notes=(
            *_notes(cohort, evaluated, learnt is not None, studies[0].model.trained_on),
            *_omissions(cohort, known, tested, given),
        ),
        trained_on=studies[0].model.trained_on,
    )


def one_model(studies: Sequence[StudyGrades]) -> str:
    """Return what the one model of these predictions is called.

    Raises
    ------
    EvaluationError
        If they come from several.
    """
    models = {(one.model.name, one.model.version, one.model.sha256) for one in studies}
    if len(models) > 1:
        names = ", ".join(sorted(f"{name} {version}" for name, version, _ in models))
        raise EvaluationError(
            f"the grades come from {len(models)} models ({names}): evaluate one at a time"
        )
    name, version, _ = models.pop()
    return f"{name} {version}"


def by_image(studies: Iterable[StudyGrades]) -> dict[str, SliceGrades]:
    """Return every graded slice by its SOP Instance UID.

    Raises
    ------
    EvaluationError
        If one is there twice.
    """
    found: dict[str, SliceGrades] = {}
    for study in studies:
        for one in study.slices:
            if one.sop_instance_uid in found:
                raise EvaluationError(
                    f"image {one.sop_instance_uid} ({one.source_file}) was graded twice: "
                    "keep one grades.json of each study"
                )
            found[one.sop_instance_uid] = one
    return found


def _contrasts(cohort: Cohort, given: Mapping[str, SliceGrades]) -> set[str]:
    """Contrasts that the model reads; a slice of another one is no omission of the model."""
    graded = {one.contrast for one in cohort.slices if one.sop_instance_uid in given}
    return graded or {one.contrast for one in cohort.slices}


def _refuse_learnt(
    slices: Iterable[CohortSlice], given: Collection[str], learnt: Collection[str]
) -> None:
    graded = (one for one in slices if one.sop_instance_uid in given)
    both = sorted({one.patient_id for one in graded if one.sop_instance_uid in learnt})
    if both:
        more = f" and {len(both) - NAMED} more" if len(both) > NAMED else ""
        raise EvaluationError(
            f"{len(both)} of the graded patients were in the training or validation set "
            f"({', '.join(both[:NAMED])}{more}): grade and evaluate other patients, or leave "
            "these out with --only-unseen"
        )


def _part(image: CohortSlice, learnt: Collection[str]) -> str:
    if image.sop_instance_uid in learnt:
        return LEARNT
    return EXTERNAL if image.external else INTERNAL


def _flow(cohort: Cohort, images: Sequence[CohortImage], given: Collection[str]) -> Flow:
    everything = [cohort_image(one, _part(one, ())) for one in cohort.slices]
    used = {one.image for one in images}
    other = [one for one in everything if one.image not in used]
    parts = {part: [one for one in images if one.part == part] for part in PARTS}
    return Flow(
        cohort=Count.of("axial slices of the cohort", everything),
        left_out=(Count.of("another contrast", other),) if other else (),
        parts=tuple(Count.of(part, some) for part, some in parts.items() if some),
        graded=tuple(
            Count.of(part, [one for one in some if one.image in given])
            for part, some in parts.items()
            if some and part != LEARNT
        ),
    )


def _notes(
    cohort: Cohort, slices: Sequence[CohortSlice], locked: bool, trained_on: str
) -> list[str]:
    notes = []
    if cohort.simulated:
        notes.append(
            "The reference is simulated: these figures are not evidence of performance in patients."
        )
    if not cohort.simulated and trained_on.startswith("simulation"):
        notes.append(
            "The model was trained on simulation, so all of these patients are external to it, "
            "whatever the tables call them."
        )
    if not locked:
        notes.append(
            "No split was given (--split), so it cannot be verified that these patients were not "
            "in "
            "the training set."
        )
    patients = len({one.patient_id for one in slices})
    if patients == 1:
        notes.append("There is only one patient, so no figure has an interval.")
    elif patients < FEW_PATIENTS:
        notes.append(f"There are only {patients} patients: intervals from so few are too narrow.")
    return notes


def _omissions(
    cohort: Cohort, known: set[str], tested: set[str], given: Mapping[str, SliceGrades]
) -> list[str]:
    notes = []
    if others := len(cohort.slices) - len(known):
        notes.append(f"{others} slices of a contrast that the model does not grade are excluded.")
    if strangers := len(given.keys() - known):
        notes.append(f"{strangers} graded slices are not in the cohort and are excluded.")
    if absent := len(tested - given.keys()):
        notes.append(f"{absent} of {len(tested)} slices of the cohort were not graded.")
    return notes
