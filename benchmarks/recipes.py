"""The paper's recipe and the default one side by side: same patients, same split, same epochs.

A run that was interrupted goes on. The best validation checkpoint of each is exported
and graded on the test patients, which neither has seen.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import command_cost
from lumbargrade.cli.evaluate import evaluate
from lumbargrade.cli.evaluate_cohort import read_predictions
from lumbargrade.cohort.manifest import Cohort, read_cohort
from lumbargrade.cohort.split_file import read_split
from lumbargrade.evaluation.results import ALL, Evaluation
from lumbargrade.evaluation.shown import show
from lumbargrade.evaluation.tables import Options
from lumbargrade.phantom.generate import CohortOptions, generate_cohort
from lumbargrade.training.epochlog import read_metrics

PATIENTS = 800
RECIPES = ("paper", "default")
FIGURES = ("ac1", "kappa_linear", "auc_marked", "accuracy", "balanced_accuracy")


def run(options: argparse.Namespace) -> None:
    """Train both recipes for ``--epochs`` epochs and print their figures side by side."""
    place: Path = options.out / "recipes"
    generate_cohort(place / "cohort", CohortOptions(options.patients or PATIENTS, 1))
    cohort = read_cohort(place / "cohort")
    found: dict[str, Evaluation] = {}
    splits = []
    for recipe in RECIPES:
        folder = place / f"{recipe}-{options.epochs}"
        _train(place / "cohort", folder, recipe, options.epochs)
        splits.append(json.loads((folder / "split.json").read_text(encoding="utf-8")))
        found[recipe] = _test(cohort, folder)
    print("same split:", "yes" if splits[0] == splits[1] else "NO: the figures cannot be compared")
    _print(found)


def _train(cohort: Path, folder: Path, recipe: str, epochs: int) -> None:
    rows = read_metrics(folder / "metrics.csv")
    if len(rows) < epochs and not (folder / "bundle").exists():
        arguments = ["train", str(cohort), "-o", str(folder), "--recipe", recipe]
        resume = ["--resume"] if folder.exists() else []
        cost = command_cost([*arguments, "--epochs", str(epochs), *resume])
        print(f"{recipe}: trained for {cost.wall_s / 60:.0f} min, peak {cost.peak_mb:.0f} MB")
    if not (folder / "bundle").exists():
        command_cost(["export", str(folder), "-o", str(folder / "bundle")])
    best = max(read_metrics(folder / "metrics.csv"), key=lambda row: float(row["val/selection"]))
    number, score = int(best["epoch"]) + 1, float(best["val/selection"])
    print(f"{recipe}: best epoch {number}, validation score {score:.3f}")


def _test(cohort: Cohort, folder: Path) -> Evaluation:
    """Grade the test patients with the run's own bundle."""
    slices = tuple(one for one in cohort.slices if one.patient_id in _test_patients(folder))
    graded = folder / "graded"
    if not graded.exists():
        patients = sorted({one.patient_id for one in slices})
        studies = [str(cohort.folder / "studies" / patient) for patient in patients]
        model = ["--model", str(folder / "bundle")]
        command_cost(["grade", *studies, "-o", str(graded), *model], accepted=(0, 1))
    return evaluate(read_predictions(graded), replace(cohort, slices=slices), Options())


def _test_patients(folder: Path) -> set[str]:
    return {name for name, part in read_split(folder / "split.json").items() if part == "test"}


def _print(found: dict[str, Evaluation]) -> None:
    whole = {
        recipe: {one.system: one for one in evaluation.figures if one.group == ALL}
        for recipe, evaluation in found.items()
    }
    print(f"{'test patients':28}" + "".join(f"{recipe:>26}" for recipe in whole))
    for system in next(iter(whole.values())):
        for figure in FIGURES:
            cells = [show(one[system].figures[figure]) for one in whole.values()]
            print(f"{system:6}{figure:22}" + "".join(f"{cell:>26}" for cell in cells))
        for grade in range(4):
            cells = [show(one[system].grades[grade].recall) for one in whole.values()]
            print(f"{system:6}{f'recall of grade {grade}':22}" + "".join(f"{c:>26}" for c in cells))
