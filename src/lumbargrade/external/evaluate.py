"""From predictions, adapted cohorts and a crosswalk on disk to the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.inputs import Graded, read_graded
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.external.figures import ExternalEvaluation, evaluate_external
from lumbargrade.external.material import Tell, external_material
from lumbargrade.external.write import write_external
from lumbargrade.files.staging import staged
from lumbargrade.grading.crosswalk import load_crosswalk


@dataclass(frozen=True)
class CrosswalkOptions:
    """How predictions are compared with the labels of a set.

    Attributes
    ----------
    crosswalk : name of one in the package, or a TOML file.
    split : of the training run; None: nothing says which patients the model was trained on.
    model : the bundle that graded; None: the one in the package, if it did.
    only_unseen : leave out the graded slices of training patients; needs the split.
    """

    crosswalk: str
    split: Path | None = None
    model: Path | None = None
    only_unseen: bool = False


def compare_with_labels(
    predictions: Path,
    cohorts: Sequence[Path],
    out: Path,
    options: CrosswalkOptions,
    progress: Tell = lambda *_: None,
) -> ExternalEvaluation:
    """Compare the predictions with the labels of the cohorts; write the report to ``out``.

    ``progress`` is called with (slices or groups of labels done, all of them). Raises
    LumbargradeError if something cannot be read or does not belong together, or ``out`` cannot be
    written.
    """
    crosswalk = load_crosswalk(options.crosswalk)
    with staged(out, (predictions, *cohorts)) as folder:
        graded = read_graded(
            predictions, cohorts, options.split, options.model, options.only_unseen
        )
        _refuse_both_parts(graded)
        material = external_material(graded, cohorts, crosswalk, progress)
        evaluation = evaluate_external(material, Options(), progress)
        write_external(evaluation, folder)
    return evaluation


def _refuse_both_parts(graded: Graded) -> None:
    """Internal and external patients are different populations: figures of both say nothing."""
    if len({one.external for one in graded.cohort.slices}) > 1:
        raise EvaluationError(
            f"{graded.cohort.folder}: holds internal and external patients, which are not pooled: "
            "compare one cohort at a time, of one kind"
        )
