"""Predictions and cohorts from disk, held to the split of the training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lumbargrade.cohort.discs import GradesOfDiscs, read_disc_grades
from lumbargrade.cohort.merge import join_cohorts, joined_name, shared_names
from lumbargrade.cohort.provenance import origin_of
from lumbargrade.cohort.read import Cohort, read_cohort
from lumbargrade.cohort.split.leakage import (
    TrainingPatients,
    as_marked,
    read_training_patients,
    split_for,
)
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.predictions import bundle_that_graded, read_predictions, unseen
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.bundle import Bundle
from lumbargrade.statistics.patients import Origin


@dataclass(frozen=True)
class Graded:
    """What was graded, and of whom.

    Attributes
    ----------
    studies : the predictions that are evaluated.
    cohort : all cohorts as one.
    bundle : the one that graded; None if it is not known.
    training : the patients of the training; None where no split was given.
    seen : SOP Instance UIDs of their images in the cohort; None where no split was given.
    notes : what a reader must know, one sentence each.
    discs : reference grades of discs, by patient of the cohort.
    origins : of each cohort that knows it, the way out of its archive.
    """

    studies: Sequence[StudyGrades]
    cohort: Cohort
    bundle: Bundle | None
    training: TrainingPatients | None
    seen: frozenset[str] | None
    notes: tuple[str, ...]
    discs: Mapping[str, GradesOfDiscs] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()


def read_graded(
    predictions: Path,
    cohorts: Sequence[Path],
    split: Path | None,
    model: Path | None,
    only_unseen: bool,
) -> Graded:
    """Read predictions and cohorts.

    ``split`` is that of the training, ``model`` the bundle that graded (None: the one in the
    package, if it did); ``only_unseen`` leaves the graded slices of training patients out. Raises
    LumbargradeError if something cannot be read or does not belong together.
    """
    if only_unseen and split is None:
        raise EvaluationError(
            "--only-unseen needs --split, which lists the patients of the training"
        )
    training = None if split is None else read_training_patients(split)
    read = [as_marked(read_cohort(folder)) for folder in cohorts]
    notes = [note for one in read if (note := _own_split_note(one, split))]
    seen = None if training is None else frozenset[str]().union(*map(training.images_in, read))
    graded = read_predictions(predictions)
    studies = unseen(graded, seen or ()) if only_unseen else graded
    cohort = join_cohorts(read)
    if only_unseen:
        notes.append(_left_out_note(graded, studies))
    notes += shared_names(read)
    bundle = bundle_that_graded(studies, model)
    origins = tuple(filter(None, map(origin_of, read)))
    discs = _discs_of(read)
    return Graded(studies, cohort, bundle, training, seen, tuple(notes), discs, origins)


def _discs_of(cohorts: Sequence[Cohort]) -> dict[str, GradesOfDiscs]:
    """Return the disc grades of all patients, who are named as in the joined cohort."""
    return {
        patient if len(cohorts) == 1 else joined_name(one, patient): discs
        for one in cohorts
        for patient, discs in read_disc_grades(one.folder).items()
    }


def _left_out_note(graded: Sequence[StudyGrades], studies: Sequence[StudyGrades]) -> str:
    before, after = (sum(len(one.slices) for one in some) for some in (graded, studies))
    return f"{before - after} graded slices of training or validation patients are left out."


def _own_split_note(cohort: Cohort, split: Path | None) -> str:
    """Hold a split to that of the cohort; without one, note that the cohort's was not used."""
    if cohort.simulated:  # simulations share names, which then say nothing
        return ""
    own = split_for(cohort.folder, split)
    if split is not None or own is None or not read_training_patients(own).patients:
        return ""
    return (
        f"{own} is used here for external patients only: if the model was trained with it, give "
        "it with --split, and its training patients are refused."
    )
