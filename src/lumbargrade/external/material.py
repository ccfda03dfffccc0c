"""What is compared: the labels of a set beside a model's grades, held to the split."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lumbargrade.cohort.read import Cohort
from lumbargrade.errors import EvaluationError, StudyError
from lumbargrade.evaluation.inputs import Graded
from lumbargrade.evaluation.match import cohort_notes, contrasts_of, refuse_seen
from lumbargrade.evaluation.predictions import by_image, one_model
from lumbargrade.external.compare import ComparedLabel, compare_labels, reasons
from lumbargrade.external.labels import ReferenceLabel, read_labels
from lumbargrade.external.locate import AxialSlice, Locator, mark_distances
from lumbargrade.grading.crosswalk import Crosswalk
from lumbargrade.grading.finding import SliceGrades
from lumbargrade.study.dicom.place import place_of
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.series.kind import AXIAL, plane_of

FAR_MM = 12.0
"""The height of a tall disc: a mark of another series that lies farther from the axial slice
marked at its level hardly lies at the same disc."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class ExternalMaterial:
    """What is compared.

    Attributes
    ----------
    model, cohort : what they are called.
    simulated : the reference is simulated.
    crosswalk : what is set beside what.
    compared : one entry for each map of the crosswalk, a record for each label of its system.
    notes : what a reader must know, one sentence each.
    """

    model: str
    cohort: str
    simulated: bool
    crosswalk: Crosswalk
    compared: tuple[tuple[ComparedLabel, ...], ...]
    notes: tuple[str, ...]


def external_material(
    graded: Graded, cohorts: Sequence[Path], crosswalk: Crosswalk, tell: Tell = lambda *_: None
) -> ExternalMaterial:
    """Return every label of the cohorts beside the model's grade of its level.

    ``tell`` is called with the slices whose place is known, and how many there are. Raises
    EvaluationError if the predictions are of several models or of none of the cohort's images, a
    training patient was graded, or no label can be compared; CohortError if labels cannot be used.
    """
    model, given = one_model(graded.studies), by_image(graded.studies)
    cohort, seen = graded.cohort, graded.seen or frozenset()
    refuse_seen(cohort.slices, given, seen)
    labels = labels_of(cohorts, crosswalk)
    slices = axial_slices(cohort, given, seen, {one.patient for one in labels}, tell)
    locator = Locator(slices, labels, crosswalk.reach_mm)
    compared = tuple(
        tuple(compare_labels(labels, grade_map, locator)) for grade_map in crosswalk.maps
    )
    _check_compared(compared, cohort)
    patients = len({one.label.patient for some in compared for one in some if one.reason is None})
    name = f"cohort '{cohort.folder.name}', {patients} patient{'' if patients == 1 else 's'}"
    tested = [one for one in cohort.slices if one.sop_instance_uid in {one.sop for one in slices}]
    trained_on = graded.studies[0].model.trained_on
    return ExternalMaterial(
        model=model,
        cohort=f"the simulated {name}" if cohort.simulated else name,
        simulated=cohort.simulated,
        crosswalk=crosswalk,
        compared=compared,
        notes=(
            *cohort_notes(cohort, tested, graded.seen is not None, trained_on),
            *graded.notes,
            *_place_notes(labels, slices),
        ),
    )


def labels_of(cohorts: Sequence[Path], crosswalk: Crosswalk) -> list[ReferenceLabel]:
    """Return the labels of all cohorts, patients named as ``cohort.merge`` names them.

    Raises as :func:`external.labels.read_labels`.
    """
    systems = {one.reference.code for one in crosswalk.maps}
    return [
        label
        for folder in cohorts
        for label in read_labels(folder, systems, f"{folder.name}/" if len(cohorts) > 1 else "")
    ]


def axial_slices(
    cohort: Cohort,
    given: Mapping[str, SliceGrades],
    seen: Collection[str],
    patients: Collection[str],
    tell: Tell = lambda *_: None,
) -> list[AxialSlice]:
    """Return the axial slices of these patients in a contrast that the model grades.

    ``given`` is what the model said, by SOP Instance UID; slices of ``seen`` are left out.
    """
    contrasts = contrasts_of(cohort, given)
    wanted = [
        one
        for one in cohort.slices
        if one.contrast in contrasts
        and one.patient_id in patients
        and one.sop_instance_uid not in seen
    ]
    found = []
    for done, one in enumerate(wanted, start=1):
        geometry = _geometry(one.file)
        graded = given.get(one.sop_instance_uid)
        if graded is not None or (geometry is not None and plane_of(geometry.normal) == AXIAL):
            found.append(
                AxialSlice(
                    sop=one.sop_instance_uid,
                    patient=one.patient_id,
                    scanner=one.scanner,
                    external=one.external,
                    level=one.level or "",
                    geometry=geometry,
                    grades=graded,
                )
            )
        tell(done, len(wanted))
    return found


def _geometry(path: Path) -> SliceGeometry | None:
    try:
        return place_of(path)
    except StudyError:
        return None  # counted in the notes


def _check_compared(compared: Sequence[Sequence[ComparedLabel]], cohort: Cohort) -> None:
    everything = [one for some in compared for one in some]
    if any(one.reason is None for one in everything):
        return
    counted = "; ".join(f"{count} {reason}" for reason, count in reasons(everything).items())
    raise EvaluationError(
        f"{cohort.folder}: none of {len(everything)} labels can be compared ({counted}): grade "
        "this cohort with `lumbargrade grade`"
    )


def _place_notes(labels: Sequence[ReferenceLabel], slices: Sequence[AxialSlice]) -> list[str]:
    notes = []
    if lost := sum(one.geometry is None for one in slices):
        notes.append(f"{lost} slices do not say where they lie and belong to no mark.")
    if strangers := len({one.patient for one in labels} - {one.patient for one in slices}):
        notes.append(f"{strangers} patients with labels have no axial slice in the cohort.")
    if away := mark_distances(labels, {one.sop: one for one in slices}):
        far = sum(one > FAR_MM for one in away)
        notes.append(
            f"Marks of other series lie {median(away):.1f} mm (median of {len(away)}) from the "
            f"axial slice marked at their level; {far} lie more than {FAR_MM:g} mm away"
            + (
                ": at another level, or in a series with another frame of reference."
                if far
                else "."
            )
        )
    return notes
