"""``lumbargrade evaluate``: from predictions and a cohort to the whole results section."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from lumbargrade.cohort.merge import join_cohorts, shared_names
from lumbargrade.cohort.read import Cohort, read_cohort
from lumbargrade.cohort.split.leakage import Lock, as_marked, lock_for, read_lock
from lumbargrade.errors import BundleError, EvaluationError, MissingExtraError
from lumbargrade.evaluation.match import match, read_predictions, unseen
from lumbargrade.evaluation.match_graders import with_graders
from lumbargrade.evaluation.measures.graders import Contest
from lumbargrade.evaluation.measures.system_figures import Options, SystemFigures
from lumbargrade.evaluation.results import UNTIED, Evaluation, Material, evaluate_material
from lumbargrade.files.staging import staged
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.bundle import Bundle, load_bundle
from lumbargrade.statistics.format_estimates import number, signed


def run(
    predictions: Path,
    cohorts: Sequence[Path],
    out: Path,
    split: Path | None,
    compare: Sequence[Path] = (),
    model: Path | None = None,
    error_limit: float = Options.error_limit,
    only_unseen: bool = False,
) -> None:
    """Evaluate ``predictions`` against ``cohorts``, write OUT and print the main figures.

    ``compare`` holds other graders, ``model`` the bundle that graded (see ``cli.main``).
    """
    if only_unseen and split is None:
        raise EvaluationError(
            "--only-unseen needs --split, which lists the patients of the training"
        )
    try:
        from lumbargrade.evaluation.report.write import PAGE, write
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lumbargrade"):
            raise
        raise MissingExtraError("report", "lumbargrade evaluate") from None
    lock = None if split is None else read_lock(split)
    read = [as_marked(read_cohort(folder)) for folder in cohorts]
    notes = [note for one in read if (note := _own_split(one, split))]
    learnt = None if lock is None else frozenset[str]().union(*map(lock.learnt, read))
    graded = read_predictions(predictions)
    studies = unseen(graded, learnt or ()) if only_unseen else graded
    cohort = join_cohorts(read)
    bundle = bundle_that_graded(studies, model)
    temperatures = None if bundle is None else bundle.manifest.temperatures
    material = match(studies, cohort, learnt, temperatures)
    if lock is not None:
        material = _tied(material, lock, bundle)
    if only_unseen:
        notes.append(_left_out(graded, studies))
    notes += shared_names(read)
    material = replace(material, notes=(*material.notes, *notes))
    material = with_graders(material, cohort.slices, compare)
    console = Console()
    with staged(out) as folder:
        with Progress(console=console, transient=True) as bars:
            bar = bars.add_task("resampling patients", total=None)
            evaluation = evaluate_material(
                material,
                Options(error_limit=error_limit),
                lambda done, total: bars.update(bar, completed=done, total=total),
            )
        write(evaluation, folder)
    console.print(summary_table(evaluation.figures))
    for note in evaluation.material.notes:
        console.print(note, highlight=False)
    for contest in evaluation.contests:
        console.print(contest_line(contest), highlight=False)
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
    learnt : SOP Instance UIDs that the model was trained on; None if not known.

    Raises
    ------
    EvaluationError
        If predictions and cohort do not fit, or a grade or a probability is impossible.
    """
    return evaluate_material(match(studies, cohort, learnt), options)


def _left_out(graded: Sequence[StudyGrades], studies: Sequence[StudyGrades]) -> str:
    before, after = (sum(len(one.slices) for one in some) for some in (graded, studies))
    return f"{before - after} graded slices of training or validation patients are left out."


def _tied(material: Material, lock: Lock, bundle: Bundle | None) -> Material:
    """Say whether the bundle that graded names this split as its own."""
    own = "" if bundle is None else bundle.manifest.split_checksum
    if own and own == lock.checksum:
        return replace(material, tied=True)
    why = (
        "Give the bundle that graded with --model to check this."
        if bundle is None
        else "The bundle names another split, or none."
    )
    return replace(material, notes=(*material.notes, f"{UNTIED} {why}"))


def _own_split(cohort: Cohort, split: Path | None) -> str:
    """Hold a split to that of the cohort; without one, note that the cohort's was not used."""
    if cohort.simulated:  # simulations share names, which then say nothing
        return ""
    own = lock_for(cohort.folder, split)
    if split is not None or own is None or not read_lock(own).patients:
        return ""
    return (
        f"{own} is used here for external patients only: if the model was trained with it, give "
        "it with --split, and its training patients are refused."
    )


def bundle_that_graded(studies: Sequence[StudyGrades], model: Path | None) -> Bundle | None:
    """Return the bundle that graded; None if it is not known.

    Raises
    ------
    BundleError
        If ``model`` cannot be read.
    EvaluationError
        If it is not the one that graded.
    """
    graded = {one.model.sha256 for one in studies}
    try:
        bundle = load_bundle(model)
    except BundleError:
        if model is not None:
            raise
        return None
    if graded == {bundle.sha256}:
        return bundle
    if model is None:
        return None
    raise EvaluationError(
        f"{model}: is not the model that graded ({studies[0].model.name} "
        f"{studies[0].model.sha256[:12]}): give the bundle that graded"
    )


def contest_line(contest: Contest) -> str:
    """Return two graders' difference in one line."""
    found = contest.comparison.figures["ac1"].difference
    return (
        f"{contest.comparison.system}, {contest.part}: {contest.first} minus {contest.second}, "
        f"AC1 {signed(found)}"
    )


def summary_table(figures: Iterable[SystemFigures]) -> Table:
    """Return the main figures, two lines per system and group: values, and intervals below.

    It is read on screens of 80 columns, so the zero before the point is left out.
    """
    title = "Images compared with the reference; below: 95 % interval over patients"
    table = Table(title=title, box=SIMPLE_HEAD, padding=0, show_edge=False)
    headings = ("system", "group", "n", "AC1", "linear\nkappa", "AUC\n0-1/2-3")
    for heading in (*headings, "accu-\nracy", "major-\nity", "recall of grade\n  0   1   2   3"):
        table.add_column(heading, no_wrap=True)
    for one in figures:
        named = [one.figures[name] for name in ("ac1", "kappa_linear", "auc_marked", "accuracy")]
        recalls = " ".join(_short(row.recall.value).rjust(3) for row in one.grades)
        table.add_row(
            one.system,
            one.group.replace(" ", "\n"),
            str(one.images),
            *(f"{_short(each.value)}\n{_short(each.low)}-{_short(each.high)}" for each in named),
            _short(one.figures["majority_baseline"].value),
            recalls,
        )
    return table


def _short(value: float) -> str:
    return number(value, 2).removeprefix("0").replace("1.00", "1.0")
