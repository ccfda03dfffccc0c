"""``lumbargrade evaluate``: match predictions with a cohort's truth and write the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lumbargrade.cohort.manifest import Cohort, CohortSlice, read_cohort
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.evaluation.report import Evaluation, show, write
from lumbargrade.evaluation.tables import Options, SystemFigures, figures_of
from lumbargrade.grading.finding import SliceGrades, StudyGrades
from lumbargrade.grading.summary import worst
from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem
from lumbargrade.outputs import json as grades_json
from lumbargrade.outputs.staging import staged

ALL, INTERNAL, EXTERNAL = "all images", "training scanners", "external scanners"


def run(predictions: Path, cohort: Path, out: Path) -> None:
    """Evaluate ``predictions`` against ``cohort``, write OUT and print the main figures."""
    reference = read_cohort(cohort)
    studies = read_predictions(predictions)
    options = Options()
    with staged(out) as folder:
        evaluation = evaluate(studies, reference, options)
        write(evaluation, folder)
    console = Console()
    console.print(summary_table(evaluation.figures))
    for note in evaluation.notes:
        console.print(note, highlight=False)
    console.print(f"Page: {out / 'evaluation.html'}", highlight=False, soft_wrap=True)


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
            f"{folder}: no {grades_json.FILE_NAME} in it: give the folder that `grade` wrote"
        )
    return [grades_json.read(path) for path in paths]


def evaluate(studies: Sequence[StudyGrades], cohort: Cohort, options: Options) -> Evaluation:
    """Return the figures of all images, and apart by scanner where there are several.

    Raises
    ------
    EvaluationError
        If the predictions are of several models, of one image twice, or of none of the
        cohort's images; or if a grade or a probability is impossible.
    """
    model = _one_model(studies)
    given = _by_image(studies)
    images = [one for one in cohort.slices if one.contrast in _contrasts(cohort, given)]
    known = {one.sop_instance_uid for one in images}
    if known.isdisjoint(given):
        raise EvaluationError(
            f"none of the {len(given)} graded slices is in {cohort.folder}: "
            "give the cohort whose studies were graded"
        )
    figures: list[SystemFigures] = []
    for code, system in GRADING_SYSTEMS.items():
        records = [_record(one, given.get(one.sop_instance_uid), system) for one in images]
        if all(one.reference is None for one in records):
            continue
        for group, part in _groups(records).items():
            figures.append(figures_of(part, code, len(system.grades), group, options))
    name = f"cohort {cohort.folder.name}, {len({one.patient_id for one in images})} patients"
    return Evaluation(
        model=model,
        cohort=f"the simulated {name}" if cohort.simulated else name,
        figures=tuple(figures),
        resamples=options.resamples,
        confidence=options.confidence,
        notes=_notes(cohort, images, set(given), known),
    )


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


def _one_model(studies: Sequence[StudyGrades]) -> str:
    models = {(one.model.name, one.model.version, one.model.sha256) for one in studies}
    if len(models) > 1:
        names = ", ".join(sorted(f"{name} {version}" for name, version, _ in models))
        raise EvaluationError(
            f"the predictions come from {len(models)} models ({names}): evaluate one at a time"
        )
    name, version, _ = models.pop()
    return f"{name} {version}"


def _by_image(studies: Iterable[StudyGrades]) -> dict[str, SliceGrades]:
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


def _record(image: CohortSlice, given: SliceGrades | None, system: GradingSystem) -> ImageRecord:
    finding = None if given is None else given.finding(system.code)
    graded = finding is not None and finding.grade is not None
    return ImageRecord(
        image=image.sop_instance_uid,
        patient=image.patient_id,
        scanner=image.scanner,
        external=image.external,
        reference=worst(image.grades.get(output) for output in system.outputs),
        predicted=finding.grade if finding is not None else None,
        probabilities=finding.probabilities if finding is not None and graded else (),
    )


def _groups(records: Sequence[ImageRecord]) -> dict[str, list[ImageRecord]]:
    """All images; inside and outside the training scanners; and each scanner by itself."""
    groups = {ALL: list(records)}
    scanners = sorted({(one.external, one.scanner) for one in records})
    if len({external for external, _ in scanners}) > 1:
        groups[INTERNAL] = [one for one in records if not one.external]
        groups[EXTERNAL] = [one for one in records if one.external]
    if len(scanners) > 1:
        for external, scanner in scanners:
            name = f"scanner {scanner}{' (external)' if external else ''}"
            groups[name] = [one for one in records if one.scanner == scanner]
    return groups


def _notes(
    cohort: Cohort, images: Sequence[CohortSlice], given: set[str], known: set[str]
) -> tuple[str, ...]:
    notes = []
    if cohort.simulated:
        notes.append("The reference is a simulation: these figures say nothing about patients.")
    if others := len(cohort.slices) - len(images):
        notes.append(f"{others} slices of a contrast that the model does not read are left out.")
    if strangers := len(given - known):
        notes.append(f"{strangers} graded slices are not in the cohort and are left out.")
    if absent := len(known - given):
        notes.append(f"{absent} of {len(known)} slices of the cohort were not graded.")
    if len({one.patient_id for one in images}) == 1:
        notes.append("There is one patient only, so no figure has an interval.")
    return tuple(notes)
