"""``lumbargrade evaluate``: from predictions and a cohort to the whole results section."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from lumbargrade.cli.evaluate_cohort import match, read_predictions
from lumbargrade.cohort.join import join_cohorts
from lumbargrade.cohort.lock import as_marked, lock_for, read_lock
from lumbargrade.cohort.manifest import Cohort, read_cohort
from lumbargrade.errors import MissingExtraError
from lumbargrade.evaluation.results import Evaluation, evaluate_material
from lumbargrade.evaluation.shown import show
from lumbargrade.evaluation.tables import Options, SystemFigures
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs.staging import staged


def run(predictions: Path, cohorts: Sequence[Path], out: Path, split: Path | None) -> None:
    """Evaluate ``predictions`` against ``cohorts``, write OUT and print the main figures."""
    try:
        from lumbargrade.evaluation.report import PAGE, write
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lumbargrade"):
            raise
        raise MissingExtraError("report", "lumbargrade evaluate") from None
    lock = None if split is None else read_lock(split)
    read = [as_marked(read_cohort(folder)) for folder in cohorts]
    for cohort in read:
        if not cohort.simulated:  # simulations share names, which then say nothing
            lock_for(cohort.folder, split)
    learnt = None if lock is None else frozenset[str]().union(*map(lock.learnt, read))
    studies = read_predictions(predictions)
    material = match(studies, join_cohorts(read), learnt)
    console = Console()
    with staged(out) as folder:
        with Progress(console=console, transient=True) as bars:
            bar = bars.add_task("resampling patients", total=None)
            evaluation = evaluate_material(
                material,
                Options(),
                lambda done, total: bars.update(bar, completed=done, total=total),
            )
        write(evaluation, folder)
    console.print(summary_table(evaluation.figures))
    for note in evaluation.material.notes:
        console.print(note, highlight=False)
    console.print(f"Page: {out / PAGE}", highlight=False, soft_wrap=True)


def evaluate(
    studies: Sequence[StudyGrades],
    cohort: Cohort,
    options: Options,
    learnt: Collection[str] | None = None,
) -> Evaluation:
    """Return all results of these predictions.

    Parameters
    ----------
    learnt : SOP Instance UIDs from which the model learnt; None where nothing says so.

    Raises
    ------
    EvaluationError
        If predictions and cohort do not fit, or a grade or a probability is impossible.
    """
    return evaluate_material(match(studies, cohort, learnt), options)


def summary_table(figures: Iterable[SystemFigures]) -> Table:
    """Return the main figures, one line per system and group."""
    table = Table(title="Agreement with the reference, image level (95 % interval over patients)")
    for heading in ("system", "group", "images", "AC1", "linear kappa", "AUC 0-1 / 2-3"):
        table.add_column(heading)
    for heading in ("accuracy", "majority", "recall 0 / 1 / 2 / 3"):
        table.add_column(heading)
    for one in figures:
        named = [one.figures[name] for name in ("ac1", "kappa_linear", "auc_marked", "accuracy")]
        recalls = " / ".join(show(row.recall).split(" (")[0] for row in one.grades)
        baseline = f"{one.figures['majority_baseline'].value:.2f}"
        table.add_row(one.system, one.group, str(one.images), *map(show, named), baseline, recalls)
    return table
