"""The paper's recipe and the default one side by side: same patients, same split, same epochs.

A run that was interrupted goes on. The best validation checkpoint of each is exported
and graded on the test patients, which neither has seen.
"""

from __future__ import annotations

import argparse

from benchmarks.trial import FIGURES, Trial, same_split, trial_cohort, trial_place
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.predictions import read_predictions
from lumbargrade.evaluation.results import ALL, Evaluation, evaluate_material
from lumbargrade.statistics.format_estimates import show

RECIPES = ("paper", "default")


def run(options: argparse.Namespace) -> None:
    """Train both recipes for ``--epochs`` epochs and print their figures side by side."""
    cohort, place = trial_cohort(options.out, options.patients), trial_place(options.out)
    trials = [
        Trial(recipe, place / f"{recipe}-{options.epochs}", recipe, options.epochs)
        for recipe in RECIPES
    ]
    found: dict[str, Evaluation] = {}
    for trial in trials:
        trial.train(cohort.folder)
        graded = read_predictions(trial.grade_test(cohort))
        found[trial.name] = evaluate_material(match(graded, trial.test_part(cohort)), Options())
    same_split(trials)
    _print(found)


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
