"""Tasks that a run learned from weak labels and does not ship: its own heads for them.

The network of the run's best epoch reads each slice and its mirror image.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.real.drawing.cache import DrawnSet, drawn_set
from benchmarks.real.drawing.grades import views_of
from benchmarks.real.drawing.slices import t1_slices
from benchmarks.real.halves import half_of, note_look, traced, trained_patients
from benchmarks.real.labels.table import print_label, rows_of
from benchmarks.real.labels.weak import BULGE, HERNIATION, ROOT, SERIOUS, TITLES, weak_labels_of
from lumbargrade.inference.answers.mirror import both_ways
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import bundle_inputs
from lumbargrade.training.export.trained import load_grader
from lumbargrade.training.run_folder import RunFolder
from lumbargrade.training.tasks.auxiliary import divided

HEADS = {SERIOUS: "CS", BULGE: "BULGE", HERNIATION: "HERNIATION", ROOT: "ROOT"}
"""Weak label -> code of the system that learned it."""

AT_ONCE = 32


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this meter."""
    parser.add_argument("--run", type=Path, required=True, help="run whose bundle is --model")
    parser.add_argument("--resamples", type=int, default=2000, help="of patients")


def run(options: argparse.Namespace) -> None:
    """Print a table a weak label: every task of the run."""
    engine = Engine(load_bundle(options.model))
    drawn = drawn_set(engine, options.folder, t1_slices(options.folder), options.out)
    learned = trained_patients(traced(options.folder))
    own = np.array([half_of(str(one), learned) is options.half for one in drawn.patients])
    print(note_look("tasks", options.half, engine.bundle))
    scores = task_scores(engine, options.run, (options.folder, drawn), own)
    labels = weak_labels_of(options.folder, drawn.slices)
    for name, title in TITLES.items():
        rows = rows_of(drawn, labels[name], own, scores)
        print_label(title, rows, options.resamples, [f"task {HEADS[name]}"])


def task_scores(
    engine: Engine, run: Path, slices: tuple[Path, DrawnSet], own: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    """Return task -> expected grade (n,) of the slices where ``own``, NaN elsewhere."""
    recipe, specs, grader, _ = load_grader(RunFolder(run))
    _, auxiliary = divided(specs, recipe.outputs)
    folder, drawn = slices
    found = {f"task {one.name}": np.full(len(own), np.nan) for one in auxiliary}
    for rows in np.array_split(np.flatnonzero(own), max(own.sum() // AT_ONCE, 1)):
        views = views_of(folder, drawn, rows.tolist())
        placed = [one.placed for one in views]
        inputs = torch.from_numpy(both_ways(bundle_inputs(engine, placed)))
        with torch.inference_mode():
            given = grader.eval()(inputs)
        for one in auxiliary:
            chances = given[one.name].double().softmax(1).numpy()
            expected = chances @ np.arange(one.grades)
            found[f"task {one.name}"][rows] = (expected[: len(rows)] + expected[len(rows) :]) / 2
    return found
