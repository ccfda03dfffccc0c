"""Match predictions with a cohort's truth, image by image."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from lumbargrade.cohort.adapters.adapted import LABELS_FILE
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.split.file import named
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match_records import Material, cohort_image, records_of
from lumbargrade.evaluation.predictions import by_image, one_model, regions_of
from lumbargrade.grading.finding import SliceGrades, StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.statistics.patients import (
    EXTERNAL,
    FEW_PATIENTS,
    INTERNAL,
    PARTS,
    TRAINING,
    CohortImage,
    Count,
    Flow,
)


def match(
    studies: Sequence[StudyGrades],
    cohort: Cohort,
    seen: Collection[str] | None = None,
    temperatures: Mapping[str, float] | None = None,
) -> Material:
    """Return the images of the cohort, each with its reference and what the model said.

    Raises EvaluationError if the predictions are of several models, of one image twice, of none of
    the cohort's images, or of patients that the model was trained on; or if the cohort has no
    reference grade.

    Parameters
    ----------
    seen : SOP Instance UIDs of the model's training patients; None where nothing says so.
    temperatures : of the model, by output name; None where they are not known.
    """
    model = one_model(studies)
    given = by_image(studies)
    contrasts = contrasts_of(cohort, given)
    slices = [one for one in cohort.slices if one.contrast in contrasts]
    known = {one.sop_instance_uid for one in slices}
    if known.isdisjoint(given):
        raise EvaluationError(
            f"none of the {len(given)} graded slices is in {cohort.folder}: "
            "give the cohort whose studies were graded"
        )
    refuse_seen(slices, given, seen or ())
    evaluated = [one for one in slices if one.sop_instance_uid not in (seen or ())]
    tested = {one.sop_instance_uid for one in evaluated}
    records = records_of(evaluated, given, temperatures)
    if not records:
        labels = (cohort.folder / LABELS_FILE).is_file()
        raise EvaluationError(
            f"{cohort.folder}: no slice has a reference grade: give a cohort with grades"
            + (f", or evaluate against its {LABELS_FILE} with --crosswalk" if labels else "")
        )
    images = tuple(cohort_image(one, _part(one, seen or ())) for one in slices)
    patients = len({one.patient_id for one in evaluated})
    name = f"cohort '{cohort.folder.name}', {patients} patient{'' if patients == 1 else 's'}"
    return Material(
        model=model,
        cohort=f"the simulated {name}" if cohort.simulated else name,
        simulated=cohort.simulated,
        leakage_checked=seen is not None,
        images=images,
        records=records,
        grades={code: len(GRADING_SYSTEMS[code].grades) for code in records},
        flow=_flow(cohort, images, given),
        notes=(
            *cohort_notes(cohort, evaluated, seen is not None, studies[0].model.trained_on),
            *_omission_notes(cohort, known, tested, given),
        ),
        trained_on=studies[0].model.trained_on,
        regions=regions_of(studies),
    )


def contrasts_of(cohort: Cohort, given: Mapping[str, SliceGrades]) -> set[str]:
    """Return the contrasts that the model reads; a slice of another one is no omission of it."""
    graded = {one.contrast for one in cohort.slices if one.sop_instance_uid in given}
    return graded or {one.contrast for one in cohort.slices}


def refuse_seen(
    slices: Iterable[CohortSlice], given: Collection[str], seen: Collection[str]
) -> None:
    """Raise EvaluationError if an image of ``seen`` (training patients) was graded."""
    graded = (one for one in slices if one.sop_instance_uid in given)
    both = sorted({one.patient_id for one in graded if one.sop_instance_uid in seen})
    if both:
        raise EvaluationError(
            f"{len(both)} of the graded patients were in the training or validation set "
            f"({named(both)}): grade and evaluate other patients, or leave "
            "these out with --only-unseen"
        )


def _part(image: CohortSlice, seen: Collection[str]) -> str:
    if image.sop_instance_uid in seen:
        return TRAINING
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
            if some and part != TRAINING
        ),
    )


def cohort_notes(
    cohort: Cohort, slices: Sequence[CohortSlice], locked: bool, trained_on: str
) -> list[str]:
    """Return notes on the reference; ``locked``: a split says who was trained on."""
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
        notes.append(
            f"There are only {patients} patients: intervals from so few have not been tried."
        )
    return notes


def _omission_notes(
    cohort: Cohort, known: set[str], tested: set[str], given: Mapping[str, SliceGrades]
) -> list[str]:
    """How many slices are left out or were not graded.

    Of ``known``, the contrasts that the model reads, the ``tested`` are evaluated.
    """
    notes = []
    if others := len(cohort.slices) - len(known):
        notes.append(f"{others} slices of a contrast that the model does not grade are excluded.")
    if strangers := len(given.keys() - known):
        notes.append(f"{strangers} graded slices are not in the cohort and are excluded.")
    if absent := len(tested - given.keys()):
        notes.append(f"{absent} of {len(tested)} slices of the cohort were not graded.")
    return notes
