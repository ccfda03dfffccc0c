"""What a reader of an evaluation must know of its cohort, one sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.grading.finding import SliceGrades
from lumbargrade.statistics.bootstrap import FEW_PATIENTS


def cohort_notes(
    cohort: Cohort, slices: Sequence[CohortSlice], locked: bool, trained_on: str
) -> list[str]:
    """Return what a reader must know of the reference.

    Parameters
    ----------
    slices : those that are evaluated.
    locked : a split says which patients the model learnt from.
    trained_on : what the model says that it learnt from; may be empty.
    """
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


def omission_notes(
    cohort: Cohort, known: set[str], tested: set[str], given: Mapping[str, SliceGrades]
) -> list[str]:
    """Return how many slices are left out or were not graded.

    Parameters
    ----------
    known, tested : SOP Instance UIDs of the contrasts that the model reads, and of those
        among them that are evaluated.
    given : what the model said, by SOP Instance UID.
    """
    notes = []
    if others := len(cohort.slices) - len(known):
        notes.append(f"{others} slices of a contrast that the model does not grade are excluded.")
    if strangers := len(given.keys() - known):
        notes.append(f"{strangers} graded slices are not in the cohort and are excluded.")
    if absent := len(tested - given.keys()):
        notes.append(f"{absent} of {len(tested)} slices of the cohort were not graded.")
    return notes
