"""Two networks on the pixels for ``few``: the project's recipe from random weights, and a plain
ResNet-18. One draw each, few epochs: an order of magnitude, and no more.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.cache import DrawnSet
from benchmarks.real.folds.parts import INPUT_PX, Part, load_part
from benchmarks.real.folds.plain import PlainRun, train_plain
from benchmarks.real.folds.project import recipe_of, train_project
from benchmarks.real.labels.draws import AREAS, PATIENTS, Draw, Flags, draw_patients, mean_area
from benchmarks.real.labels.ranking import Ranked
from benchmarks.real.labels.weak import BULGE, SERIOUS, TITLES

CODES = {SERIOUS: "CS", BULGE: "BULGE"}
Scores = dict[str, NDArray[np.float64]]


def rows_of_networks(
    options: argparse.Namespace,
    drawn: DrawnSet,
    labels: Mapping[str, NDArray[np.int64]],
    tune: Flags,
) -> Iterator[list[str]]:
    """Train and yield the cells of a row for each network, number of patients and label.

    Raises CohortError if the slices cannot be read.
    """
    part = load_part(options.folder, "axial")
    for name, learn in LEARNERS.items():
        for count in PATIENTS:
            draw = draw_patients(drawn.patients, tune, count, options.half, seed=0)
            folder = options.out / "few" / f"{name.replace(' ', '-')}-{count}"
            folder.mkdir(parents=True, exist_ok=True)
            epochs = options.epochs * PATIENTS[-1] // count  # as many steps, whoever is drawn
            found = learn(part, draw, epochs, folder)
            shutil.rmtree(folder)  # the weights are measured, and not kept
            for label, code in CODES.items():
                ranked = _ranked(drawn, labels[label], draw, found[code])
                cells = [
                    mean_area(area, [ranked], options.half, options.resamples)
                    for area in AREAS.values()
                ]
                yield [name, str(count), TITLES[label], *cells]


def plain(part: Part, draw: Draw, epochs: int, folder: Path) -> Scores:
    """Train a plain ResNet-18; return code -> expected grade (test,)."""
    train, test = np.flatnonzero(draw.train), np.flatnonzero(draw.test)
    file = folder / "last.pt"
    run = PlainRun(part.windows(), part.labels, part.heads, train, test, file, INPUT_PX[part.name])
    return expected(train_plain(replace(run, epochs=epochs)))


def scratch(part: Part, draw: Draw, epochs: int, folder: Path) -> Scores:
    """Train by the project's recipe from random weights; return code -> expected grade (test,)."""
    recipe = recipe_of(part.name)
    recipe = replace(
        recipe,
        network=replace(recipe.network, start_from=""),
        optimiser=replace(recipe.optimiser, epochs=epochs),
    )
    rows = {"train": np.flatnonzero(draw.train), "test": np.flatnonzero(draw.test)}
    return expected(train_project(part, recipe, rows, folder, folder.parents[1]))


LEARNERS: Mapping[str, Callable[[Part, Draw, int, Path], Scores]] = {
    "plain ResNet-18": plain,
    "from scratch": scratch,
}


def expected(probabilities: Mapping[str, NDArray[np.float64]]) -> Scores:
    """Return code -> expected grade (n,) of probabilities (n, grades)."""
    return {
        code: np.asarray(each @ np.arange(each.shape[1])) for code, each in probabilities.items()
    }


def _ranked(
    drawn: DrawnSet, label: NDArray[np.int64], draw: Draw, score: NDArray[np.float64]
) -> Ranked:
    known = label[draw.test] >= 0
    test = np.flatnonzero(draw.test)[known]
    return Ranked(drawn.patients[test], drawn.levels[test], label[test] == 1, score[known])
