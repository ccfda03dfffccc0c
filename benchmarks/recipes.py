"""The paper's recipe beside the default one, and the default one without each of its choices.

All learn from the same patients for as many epochs and are graded on other patients, whom none has
seen. Differences are paired by image, with intervals over patients. A run that was interrupted
goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.measure import command_cost
from benchmarks.trial import FIGURES, Trial, trial_cohort, trial_place
from lumbargrade.cohort.read import Cohort, read_cohort
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_graders import with_graders
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.predictions import read_predictions
from lumbargrade.evaluation.results import ALL, Evaluation, evaluate_material
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.statistics.format_estimates import show, signed
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import load_recipe, write_recipe

UNSEEN_SEED = 90215
"""Of the patients who are graded; no training cohort has it."""

PAPER_EPOCHS = 100

SEEDS = (7, 8, 9)
"""Of weights, order and augmentation."""

PARTS = (0.85, 0.15, 0.0)
"""Of the patients: those who are graded are others."""

PAPER, DEFAULT = "paper", "default"


def _without_outlines(recipe: Recipe) -> Recipe:
    return replace(
        recipe,
        input=replace(recipe.input, outlines=False),
        augment=replace(recipe.augment, outline_dropout=0.0),
    )


def _without_measures(recipe: Recipe) -> Recipe:
    return replace(recipe, outputs=replace(recipe.outputs, measures=()))


def _without_mirror(recipe: Recipe) -> Recipe:
    return replace(recipe, outputs=replace(recipe.outputs, mirror_average=False))


def _every_slice_as_often(recipe: Recipe) -> Recipe:
    return replace(recipe, sampling=replace(recipe.sampling, rare_power=0.0, max_weight=1.0))


def _hard_labels(recipe: Recipe) -> Recipe:
    return replace(recipe, optimiser=replace(recipe.optimiser, ordinal_smoothing=0.0))


def _one_tone(recipe: Recipe) -> Recipe:
    return replace(recipe, augment=replace(recipe.augment, any_tone=0.0))


CHOICES: Mapping[str, Callable[[Recipe], Recipe]] = {
    "without-outlines": _without_outlines,
    "without-measures": _without_measures,
    "without-mirror": _without_mirror,
    "every-slice-as-often": _every_slice_as_often,
    "hard-labels": _hard_labels,
    "without-any-tone": _one_tone,
}
"""What the default recipe has and the paper's has not, each taken away alone."""


@dataclass(frozen=True)
class _Bench:
    """The patients, and how long each network learns from them."""

    cohort: Path
    unseen: Cohort
    place: Path
    epochs: int

    def learn(self, name: str, recipe: Recipe, epochs: int | None = None) -> Path:
        """Train, or go on training; return the folder of grades of the unseen patients."""
        sampling = replace(recipe.sampling, parts=PARTS)
        self.place.mkdir(parents=True, exist_ok=True)
        file = self.place / f"{name}.toml"
        write_recipe(replace(recipe, name=name, sampling=sampling), file)
        length = epochs or self.epochs
        trial = Trial(name, self.place / f"{name}-{length}", str(file), length)
        trial.train(self.cohort)
        if not trial.graded.exists():
            model = ["--model", str(trial.folder / "bundle")]
            folder = str(self.unseen.folder)
            command_cost(["grade", folder, "-o", str(trial.graded), *model], accepted=(0, 1))
        return trial.graded

    def compare(self, first: Path, others: Sequence[Path]) -> Evaluation:
        """Evaluate the first on the unseen patients, less each of the others."""
        material = match(read_predictions(first), self.unseen)
        return evaluate_material(with_graders(material, self.unseen.slices, others), Options())


def run(options: argparse.Namespace) -> None:
    """Print both recipes over three seeds, the paper's 100 epochs, and each choice."""
    place = trial_place(options.out)
    cohort = trial_cohort(options.out, options.patients)
    patients = len({one.patient_id for one in cohort.slices})
    generate_cohort(place / "unseen", CohortOptions(max(patients // 2, 2), UNSEEN_SEED))
    bench = _Bench(cohort.folder, read_cohort(place / "unseen"), place / "recipes", options.epochs)
    for seed in SEEDS:
        default, paper = (
            bench.learn(f"{name}-{seed}", _seeded(name, seed)) for name in (DEFAULT, PAPER)
        )
        _print(f"seed {seed}, {options.epochs} epochs", bench.compare(default, [paper]))
    default = bench.learn(f"{DEFAULT}-{SEEDS[0]}", _seeded(DEFAULT, SEEDS[0]))
    for name, change in CHOICES.items():
        arm = bench.learn(name, change(_seeded(DEFAULT, SEEDS[0])))
        _print(f"default {name}", bench.compare(default, [arm]))
    long = bench.learn(f"{PAPER}-{SEEDS[0]}", _seeded(PAPER, SEEDS[0]), PAPER_EPOCHS)
    _print(f"paper's {PAPER_EPOCHS} epochs", bench.compare(default, [long]))


def _seeded(name: str, seed: int) -> Recipe:
    recipe = load_recipe(name)
    return replace(recipe, optimiser=replace(recipe.optimiser, seed=seed))


def _print(title: str, found: Evaluation) -> None:
    whole = {one.system: one for one in found.figures if one.group == ALL}
    print(f"\n{title}: default less the other", flush=True)
    for one in found.comparisons:
        for figure in FIGURES:
            both = one.comparison.figures[figure]
            values = f"{show(both.first):24} {show(both.second):24} {signed(both.difference)}"
            print(f"{one.comparison.system:5} {figure:18} {values}")
        recalls = " ".join(f"{row.recall.value:.2f}" for row in whole[one.comparison.system].grades)
        print(f"{one.comparison.system:5} recall of each grade, default: {recalls}", flush=True)
