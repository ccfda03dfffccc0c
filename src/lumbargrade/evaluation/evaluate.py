"""From predictions and cohorts on disk to the report, with the split that is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.archive.keyed_names import keyed_names
from lumbargrade.cohort.split.leakage import TrainingPatients
from lumbargrade.evaluation.inputs import read_graded
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_discs import disc_records
from lumbargrade.evaluation.match_graders import with_graders
from lumbargrade.evaluation.match_measures import with_measures
from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.report.write import write
from lumbargrade.evaluation.results import UNTIED, Evaluation, evaluate_material
from lumbargrade.files.staging import staged
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
    key : of an index; tables of readings, or the cohorts, may then use its pseudonyms.
    """

    split: Path | None = None
    compare: Sequence[Path] = ()
    model: Path | None = None
    error_limit: float = Options.error_limit
    only_unseen: bool = False
    measures: Sequence[Path] = ()
    key: Path | None = None


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
    graded = read_graded(predictions, cohorts, options.split, options.model, options.only_unseen)
    temperatures = None if graded.bundle is None else graded.bundle.manifest.temperatures
    material = match(graded.studies, graded.cohort, graded.seen, temperatures)
    if graded.training is not None:
        material = _tied(material, graded.training, graded.bundle)
    discs = disc_records(graded.studies, graded.cohort, graded.discs, graded.seen or ())
    flow = replace(material.flow, origins=graded.origins)
    notes = (*material.notes, *graded.notes)
    material = replace(material, flow=flow, notes=notes, discs=discs)
    material = with_graders(
        material, graded.cohort.slices, options.compare, keyed_names(options.key)
    )
    return with_measures(material, graded.studies, options.measures)


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
