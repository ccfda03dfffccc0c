"""Each measure against the weak labels of T1 slices: nothing is learned from a label.

A row is a measure, its direction fixed by anatomy, or a combination that was written down
beforehand. Slices on which it is not known are left out of its row, and counted.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.cache import DrawnSet, drawn_set
from benchmarks.real.drawing.slices import t1_slices
from benchmarks.real.halves import Half, half_of, note_look, traced, trained_patients
from benchmarks.real.labels.scores import combined, worse_sides
from benchmarks.real.labels.table import print_label, rows_of
from benchmarks.real.labels.weak import TITLES, weak_labels_of
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this meter."""
    parser.add_argument("--resamples", type=int, default=2000, help="of patients")


def run(options: argparse.Namespace) -> None:
    """Print a table a label."""
    engine = Engine(load_bundle(options.model))
    drawn = drawn_set(engine, options.folder, t1_slices(options.folder), options.out)
    labels = weak_labels_of(options.folder, drawn.slices)
    learned = trained_patients(traced(options.folder))
    own = in_half(drawn, options.half, learned)
    print(note_look("measures", options.half, engine.bundle))
    used = set(drawn.patients[own].tolist())
    print(
        f"{own.sum()} T1 slices of {len(used)} patients, "
        f"{len(used & learned)} of whom have a tracing that may be trained on"
    )
    scores = all_scores(drawn)
    for name, title in TITLES.items():
        print_label(title, rows_of(drawn, labels[name], own, scores), options.resamples)


def in_half(drawn: DrawnSet, half: Half, learned: frozenset[str]) -> NDArray[np.bool_]:
    """Return which slices (n,) are of a half."""
    return np.array([half_of(str(one), learned) is half for one in drawn.patients], dtype=bool)


def all_scores(drawn: DrawnSet) -> dict[str, NDArray[np.float64]]:
    """Return the score (n,) of every row of the tables but that of the level alone."""
    single = worse_sides(drawn.measures)
    return {**single, **combined(single)}
