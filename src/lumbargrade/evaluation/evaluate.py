"""From predictions and cohorts on disk to the report, with the split that is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.cohort.merge import join_cohorts, shared_names
from lumbargrade.cohort.read import Cohort, read_cohort
from lumbargrade.cohort.split.leakage import (
    TrainingPatients,
    as_marked,
    read_training_patients,
    split_for,
)
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_graders import with_graders
from lumbargrade.evaluation.match_measures import with_measures
from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.predictions import bundle_that_graded, read_predictions, unseen
from lumbargrade.evaluation.report.write import write
from lumbargrade.evaluation.results import UNTIED, Evaluation, evaluate_material
from lumbargrade.files.staging import staged
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.bundle import Bundle


@dataclass(frozen=True)
class EvaluateOptions:
    """What is evaluated beside predictions and cohorts, and how.

    Attributes
    ----------
    split : of the training run; None: nothing says which patients the model was trained on.
    compare : other graders of the same studies: folders of grades, or tables of readings.
    model : the bundle that graded; None: the one in the package, if it did.
    error_limit : share of wrong grades that is accepted.
    only_unseen : leave out the graded slices of training patients; needs the split.
    measures : tables of measures of the same slices, of one reader each.
    """

    split: Path | None = None
    compare: Sequence[Path] = ()
    model: Path | None = None
    error_limit: float = Options.error_limit
    only_unseen: bool = False
    measures: Sequence[Path] = ()


def evaluate(
    predictions: Path,
    cohorts: Sequence[Path],
    out: Path,
    options: EvaluateOptions,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Evaluation:
    """Evaluate the predictions against the cohorts and write the report to the folder ``out``.

    ``progress`` is called with (groups of images done, all groups). Raises LumbargradeError if
    predictions, cohorts, split, graders, measures and bundle cannot be read or do not belong
    together, or ``out`` cannot be written.
    """
    with staged(out, (predictions, *cohorts, *options.compare, *options.measures)) as folder:
        material = read_material(predictions, cohorts, options)
        evaluation = evaluate_material(material, Options(error_limit=options.error_limit), progress)
        write(evaluation, folder)
    return evaluation


def read_material(predictions: Path, cohorts: Sequence[Path], options: EvaluateOptions) -> Material:
    """Return what is evaluated, held to the split.

    Raises LumbargradeError if something cannot be read or does not belong together.
    """
    split = options.split
    if options.only_unseen and split is None:
        raise EvaluationError(
            "--only-unseen needs --split, which lists the patients of the training"
        )
    training = None if split is None else read_training_patients(split)
    read = [as_marked(read_cohort(folder)) for folder in cohorts]
    notes = [note for one in read if (note := _own_split_note(one, split))]
    seen = None if training is None else frozenset[str]().union(*map(training.images_in, read))
    graded = read_predictions(predictions)
    studies = unseen(graded, seen or ()) if options.only_unseen else graded
    cohort = join_cohorts(read)
    bundle = bundle_that_graded(studies, options.model)
    temperatures = None if bundle is None else bundle.manifest.temperatures
    material = match(studies, cohort, seen, temperatures)
    if training is not None:
        material = _tied(material, training, bundle)
    if options.only_unseen:
        notes.append(_left_out_note(graded, studies))
    notes += shared_names(read)
    material = replace(material, notes=(*material.notes, *notes))
    material = with_graders(material, cohort.slices, options.compare)
    return with_measures(material, studies, options.measures)


def _left_out_note(graded: Sequence[StudyGrades], studies: Sequence[StudyGrades]) -> str:
    before, after = (sum(len(one.slices) for one in some) for some in (graded, studies))
    return f"{before - after} graded slices of training or validation patients are left out."


def _tied(material: Material, training: TrainingPatients, bundle: Bundle | None) -> Material:
    """Say whether the bundle that graded names this split as its own."""
    own = "" if bundle is None else bundle.manifest.split_checksum
    if own and own == training.checksum:
        return replace(material, tied=True)
    why = (
        "Give the bundle that graded with --model to check this."
        if bundle is None
        else "The bundle names another split, or none."
    )
    return replace(material, notes=(*material.notes, f"{UNTIED} {why}"))


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
