"""The default model on patients that nobody has seen: 600 new ones, enriched, external.

Everything goes through the command line, without boxes. Finished cohorts and finished
predictions are kept, so a run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import command_cost
from benchmarks.readme_figure import readme_figure, write_png
from lumbargrade.cohort.read import read_cohort
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.measures.system_figures import GradeFigures, Options, SystemFigures
from lumbargrade.evaluation.predictions import read_predictions
from lumbargrade.evaluation.report.write import write
from lumbargrade.evaluation.results import ALL, Evaluation, evaluate_material
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.imaging.scanner import scanner_presets
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.statistics.format_estimates import show

PATIENTS, SEVERE_PATIENTS, EXTERNAL_PATIENTS = 600, 240, 60
SEED = 90210
"""Not used for any training cohort."""

AIMS: Mapping[str, Mapping[str, float]] = {
    "LDH": {"ac1": 0.80, "kappa_linear": 0.80, "auc_marked": 0.97},
    "LCCS": {"ac1": 0.86, "kappa_linear": 0.65, "auc_marked": 0.98},
    "LNRC": {"ac1": 0.78, "kappa_linear": 0.70, "auc_marked": 0.95},
}
RECALL_AIM, LEAST_IMAGES, LEAST_PATIENTS = 0.5, 60, 25
AIMED_GRADES = (2, 3)


@dataclass(frozen=True)
class _Part:
    name: str
    options: CohortOptions


def run(options: argparse.Namespace) -> None:
    """Simulate, grade, evaluate; print each figure beside its aim."""
    bundle = load_bundle(options.model)
    place = options.out / "simulated_evaluation"
    share = (options.patients or PATIENTS) / PATIENTS
    new, severe, *external = _parts(share)

    def evaluate_part(part: _Part) -> Evaluation:
        return _evaluate(part, place, bundle.sha256[:12], options.model)

    fresh = evaluate_part(new)
    figures = _whole(fresh)
    # The enriched cohort tops up rare grades; it is not made where none is rare.
    topped = _whole(evaluate_part(severe)) if _too_few(figures) else figures
    drops = {part.name: _whole(evaluate_part(part)) for part in external}
    print(f"\n{fresh.material.model}; {fresh.material.cohort}; intervals over patients")
    for system, aims in AIMS.items():
        for name, aim in aims.items():
            estimate = figures[system].figures[name]
            verdict = _met(estimate.value, aim)
            print(f"{system:5} {name:13} {show(estimate):24} aim {aim:.2f}  {verdict}")
    _print_recalls(figures, topped)
    for name, there in drops.items():
        _print_drop(name, figures, there)
    if options.figure:
        write_png(readme_figure(fresh), options.figure)
        print(f"figure: {options.figure}, {options.figure.stat().st_size / 1000:.0f} kB")


def _too_few(figures: Mapping[str, SystemFigures]) -> bool:
    """Whether some grade that has an aim is too rare to be counted."""
    return any(
        row.images < LEAST_IMAGES or row.patients < LEAST_PATIENTS
        for one in figures.values()
        for row in one.grades
        if row.grade in AIMED_GRADES
    )


def _parts(share: float) -> Sequence[_Part]:
    external = [name for name, preset in scanner_presets().items() if preset.external]
    sizes = (PATIENTS, SEVERE_PATIENTS, EXTERNAL_PATIENTS)
    new, severe, each = (max(round(size * share), 2) for size in sizes)
    return (
        _Part("new", CohortOptions(new, SEED)),
        _Part("severe", CohortOptions(severe, SEED + 1, severe=True)),
        *(_Part(name, CohortOptions(each, SEED + 2, (name,))) for name in external),
    )


def _evaluate(part: _Part, place: Path, model_key: str, model: Path | None) -> Evaluation:
    cohort, graded = place / part.name / "cohort", place / part.name / f"graded-{model_key}"
    print(f"{part.name}: {part.options.patients} patients", flush=True)
    generate_cohort(cohort, part.options)
    if not graded.exists():  # it appears whole or not at all
        chosen = ["--model", str(model)] if model else []
        cost = command_cost(["grade", str(cohort), "-o", str(graded), *chosen], accepted=(0, 1))
        each_s = cost.wall_s / part.options.patients
        print(f"  graded at {each_s:.2f} s a study, peak {cost.peak_mb:.0f} MB")
    material = match(read_predictions(graded), read_cohort(cohort))
    evaluation = evaluate_material(material, Options())
    tables = place / part.name / f"evaluation-{model_key}"
    tables.mkdir(exist_ok=True)
    write(evaluation, tables)
    return evaluation


def _whole(evaluation: Evaluation) -> dict[str, SystemFigures]:
    return {one.system: one for one in evaluation.figures if one.group == ALL}


def _met(value: float, aim: float) -> str:
    return "met" if value >= aim else f"MISSED by {aim - value:.3f}"


def _print_recalls(new: Mapping[str, SystemFigures], severe: Mapping[str, SystemFigures]) -> None:
    """Recall of the rare grades; of the enriched cohort where the new one has too few."""
    print("recall (images / patients; images that were not graded count as missed for the aim)")
    for system, one in new.items():
        for row in one.grades:
            source, used = "new", row
            if row.images < LEAST_IMAGES or row.patients < LEAST_PATIENTS:
                source, used = "severe", severe[system].grades[row.grade]
            verdict = ""
            if row.grade in AIMED_GRADES:
                enough = used.images >= LEAST_IMAGES and used.patients >= LEAST_PATIENTS
                verdict = f"aim {RECALL_AIM}  {_met(_strict_recall(used), RECALL_AIM)}"
                verdict += "" if enough else "  TOO FEW"
            print(
                f"{system:5} grade {row.grade}  {show(used.recall):24} "
                f"{used.images:5} / {used.patients:3}, {used.not_graded} not graded  "
                f"{source:7} {verdict}"
            )
        coverage = one.coverage
        print(
            f"{system:5} {coverage.not_graded} of {coverage.with_reference} not graded, "
            f"{coverage.graded_without_reference} graded without a reference"
        )


def _strict_recall(row: GradeFigures) -> float:
    whole = row.images + row.not_graded
    return row.recall.value * row.images / whole if whole else float("nan")


def _print_drop(
    name: str, new: Mapping[str, SystemFigures], external: Mapping[str, SystemFigures]
) -> None:
    print(f"external scanner {name}: value (difference to the training scanners)")
    for system, aims in AIMS.items():
        cells = []
        for figure in aims:
            there, here = external[system].figures[figure], new[system].figures[figure].value
            cells.append(f"{figure} {show(there)} [{there.value - here:+.2f}]")
        recalls = "/".join(f"{row.recall.value:.2f}" for row in external[system].grades)
        print(f"{system:5} {'  '.join(cells)}  recall {recalls}")
