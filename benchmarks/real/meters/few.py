"""Weak labels learned from 25, 50, 100 and 200 patients of the half to tune on.

From the measures, and from the grades of the model: both with the level, by logistic
regression, 20 draws of patients. ``--networks`` adds two networks on the pixels, the project's
recipe from random weights and a plain ResNet-18: one draw each and few epochs.
Tested on the half to report on; or, by default, on the patients of the half to tune on that
were not drawn.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.cache import DrawnSet, drawn_set
from benchmarks.real.drawing.grades import grade_features
from benchmarks.real.drawing.slices import t1_slices
from benchmarks.real.halves import Half, half_of, note_look, traced, trained_patients
from benchmarks.real.labels.draws import AREAS, PATIENTS, Draw, draw_patients, mean_area
from benchmarks.real.labels.learn import level_features, measure_features, probability
from benchmarks.real.labels.networks import rows_of_networks
from benchmarks.real.labels.ranking import Ranked
from benchmarks.real.labels.weak import BULGE, SERIOUS, TITLES, weak_labels_of
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine

LABELS = (SERIOUS, BULGE)
MEASURES, GRADES = "measures", "grades of the model"

Floats = NDArray[np.float64]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this meter."""
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--resamples", type=int, default=1000, help="of patients")
    parser.add_argument("--networks", action="store_true", help="also train on the pixels (hours)")
    parser.add_argument(
        "--epochs",
        type=int,
        default=8,
        help="of the networks, on 200 patients; on fewer as many steps",
    )


def run(options: argparse.Namespace) -> None:
    """Print a table a label."""
    engine = Engine(load_bundle(options.model))
    drawn = drawn_set(engine, options.folder, t1_slices(options.folder), options.out)
    labels = weak_labels_of(options.folder, drawn.slices)
    learned = trained_patients(traced(options.folder))
    print(note_look("few", options.half, engine.bundle))
    tune = np.array([half_of(str(one), learned) is Half.TUNE for one in drawn.patients])
    level = list(level_features(drawn.levels).values())
    arms = {
        MEASURES: [*measure_features(drawn.measures).values(), *level],
        GRADES: [*grade_features(engine, options.folder, drawn, options.out).values(), *level],
    }
    for name in LABELS:
        print(f"\n{TITLES[name]}\n")
        print("| learned from | patients | " + " | ".join(AREAS) + " |")
        print("|---" * (2 + len(AREAS)) + "|")
        for arm, features in arms.items():
            for count in PATIENTS:
                draws = [
                    draw_patients(drawn.patients, tune, count, options.half, seed)
                    for seed in range(options.draws)
                ]
                cells = _cells(drawn, features, labels[name], draws, options)
                print(f"| {arm} | {count} | " + " | ".join(cells) + " |", flush=True)
    if options.networks:
        rows = rows_of_networks(options, drawn, labels, tune)
        print("\n| learned from pixels | patients | label | " + " | ".join(AREAS) + " |")
        print("|---" * (3 + len(AREAS)) + "|")
        for row in rows:
            print("| " + " | ".join(row) + " |", flush=True)


def _cells(
    drawn: DrawnSet,
    features: Sequence[Floats],
    label: NDArray[np.int64],
    draws: Sequence[Draw],
    options: argparse.Namespace,
) -> Iterator[str]:
    known, positive = label >= 0, label == 1
    tested = []
    for one in draws:
        test = one.test & known
        score = probability(features, positive, one.train & known, test)
        tested.append(Ranked(drawn.patients[test], drawn.levels[test], positive[test], score))
    for area in AREAS.values():
        yield mean_area(area, tested, options.half, options.resamples)
