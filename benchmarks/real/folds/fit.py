"""The arms, the networks they are made of, and each network's probabilities, made once.

An arm is the mean of one network or of several. Its networks differ in their seed and, for
the project, in how much they see: averaging is worth most where the parts err differently.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.folds.assign import FOLDS, fold_of_patients, train_and_test
from benchmarks.real.folds.parts import INPUT_PX, Part
from benchmarks.real.folds.plain import PlainRun, train_plain
from benchmarks.real.folds.project import recipe_of, train_project
from lumbargrade.training.recipe import Recipe

Probabilities = dict[str, NDArray[np.float64]]
Rows = NDArray[np.int64]

FIELDS = (1.0, 1.25, 1.5)
"""What the project's networks see: times the recipe's ``size_mm``, in as many pixels."""


@dataclass(frozen=True)
class Arm:
    """The mean of the first ``networks`` networks of a learner."""

    learner: str
    networks: int


ARMS: Mapping[str, Arm] = {
    "plain": Arm("plain", 1),
    "project": Arm("project", len(FIELDS)),
    "project-one": Arm("project", 1),
    "plain-three": Arm("plain", len(FIELDS)),
}


@dataclass(frozen=True)
class Task:
    """One network to be learned.

    Attributes
    ----------
    number : of the network within its arm, from 0.
    train, test : rows of the part.
    folder : of its checkpoint.
    shared : folder of what all networks of the benchmark share.
    """

    part: Part
    number: int
    train: Rows
    test: Rows
    folder: Path
    shared: Path


def plain(task: Task) -> Probabilities:
    """Train a baseline and return code -> probabilities (test, grades)."""
    part = task.part
    run = PlainRun(
        part.windows(),
        part.labels,
        part.heads,
        task.train,
        task.test,
        task.folder / "last.pt",
        INPUT_PX[part.name],
    )
    return train_plain(replace(run, seed=run.seed + task.number))


def project(task: Task) -> Probabilities:
    """Train by the project's recipe and return code -> probabilities (test, grades)."""
    rows = {"train": task.train, "test": task.test}
    recipe = numbered(recipe_of(task.part.name), task.number)
    return train_project(task.part, recipe, rows, task.folder, task.shared)


LEARNERS: dict[str, Callable[[Task], Probabilities]] = {"plain": plain, "project": project}


def numbered(recipe: Recipe, number: int) -> Recipe:
    """Return the recipe of a numbered network: its own seed and its own field of view."""
    seen = replace(recipe.input, size_mm=recipe.input.size_mm * FIELDS[number])
    optimiser = replace(recipe.optimiser, seed=recipe.optimiser.seed + number)
    return replace(recipe, input=seen, optimiser=optimiser)


def fit_fold(part: Part, arm: str, fold: int, out: Path) -> None:
    """Train an arm's networks on all folds but one and grade that one, unless done before."""
    learner = ARMS[arm].learner
    train, test = train_and_test(part.patients, fold_of_patients(part.everyone), fold)
    for number, file in enumerate(result_files(out, part.name, arm, fold)):
        if file.exists():
            continue
        where = f"{part.name}, {learner} {number + 1}, fold {fold + 1} of {FOLDS}"
        print(f"{where}: {len(train)} slices to learn from, {len(test)} to test on", flush=True)
        folder = file.with_suffix("")
        folder.mkdir(parents=True, exist_ok=True)
        _keep(LEARNERS[learner](Task(part, number, train, test, folder, out)), test, file)
        shutil.rmtree(folder)  # the weights are measured, and not kept
        print(f"{where}: done", flush=True)


def result_files(out: Path, part: str, arm: str, fold: int) -> list[Path]:
    """Return where the probabilities of a fold's test slices are kept, one file a network."""
    folder = out / part / ARMS[arm].learner / f"fold{fold + 1}"
    return [folder / f"network{number + 1}.npz" for number in range(ARMS[arm].networks)]


def mean_probabilities(files: list[Path]) -> Probabilities:
    """Return code -> mean probabilities (test, grades) of the files."""
    found: list[Probabilities] = []
    for file in files:
        with np.load(file, allow_pickle=False) as saved:
            found.append({name: saved[name] for name in saved.files if name != "rows"})
    return {code: np.mean([one[code] for one in found], axis=0) for code in found[0]}


def _keep(found: Probabilities, rows: Rows, file: Path) -> None:
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, allow_pickle=False, rows=rows, **found)
    os.replace(partial, file)
