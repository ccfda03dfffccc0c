"""What SPIDER's reader said of discs beside Pfirrmann's grade, learned and tested by folds.

One network for all systems, three folds of SPIDER by patient: each disc is graded by a network
that saw none of its patient's. Corners come from the packaged disc finder. Networks are kept in
OUT/findings and trained once.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.real.folds.assign import fold_of_patients
from benchmarks.real.labels.ranking import Ranked, over_all, resampled
from benchmarks.real.sagittal.learned import Agreement, Folds, read_set
from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.statistics.accuracy import accuracy, balanced_accuracy, majority_baseline
from lumbargrade.statistics.agreement.two_raters import cohen
from lumbargrade.statistics.bootstrap import Resampled
from lumbargrade.statistics.format_estimates import show
from lumbargrade.training.heads import MISSING
from lumbargrade.training.sagittal.data import GradedDiscs
from lumbargrade.training.sagittal.fit import DiscGraderSettings, grades_of, probabilities_of

STEPS = 720
"""Twice as many as for Pfirrmann's grades alone [design]; not chosen on these figures."""

Floats = NDArray[np.float64]

TABLE = {
    "linear kappa": lambda table: cohen(table, "linear"),
    "balanced accuracy": balanced_accuracy,
    "exact": accuracy,
    "commonest": majority_baseline,
}
COLUMNS = ("discs, patients", "above the lowest", "area under the curve", *TABLE, "recall")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this meter needs."""
    parser.add_argument("--steps", type=int, default=STEPS)


def run(options: argparse.Namespace) -> None:
    """Train what is not yet trained, and print a row a system."""
    torch.set_num_threads(1)
    out: Path = options.out / "findings"
    spider = read_set(options.folder, out, "spider")
    dealt = fold_of_patients([str(one) for one in spider.patients])
    chances = _by_folds(spider, Folds(dealt, DiscGraderSettings(steps=options.steps), out))
    print("\n| system | " + " | ".join(COLUMNS) + " |")
    print("|---" * (1 + len(COLUMNS)) + "|")
    for number, code in enumerate(spider.systems):
        cells = _cells(spider.patients, spider.values[:, number], chances[number])
        print(f"| {code}, {SAGITTAL_SYSTEMS[code].name} | " + " | ".join(cells) + " |", flush=True)


def _by_folds(data: GradedDiscs, folds: Folds) -> list[Floats]:
    """Return the probabilities (N, grades) of each system, each disc's by the network of its
    fold.
    """
    found = [np.zeros((len(data.values), grades)) for grades in grades_of(data.systems)]
    for tested, network in folds.networks(data):
        for whole, own in zip(found, probabilities_of(network, data.at(tested)), strict=True):
            whole[tested] = own
    return found


def _cells(patients: NDArray[np.str_], values: NDArray[np.int64], chances: Floats) -> Iterator[str]:
    known = values != MISSING
    patients, values, chances = patients[known], values[known], chances[known]
    positive, given = values > 0, chances.argmax(axis=1)
    tables = Agreement.of(patients, values, chances)
    bootstrap = tables.bootstrap
    yield f"{len(values)}, {len(set(patients.tolist()))}"
    yield f"{positive.mean():.0%}"
    ranked = Ranked(patients, np.zeros(len(values), np.str_), positive, 1 - chances[:, 0])
    yield show(resampled(over_all, ranked, bootstrap).estimate())
    carriers = min(bootstrap.carriers(positive), bootstrap.carriers(~positive))
    for of in TABLE.values():
        drawn = np.asarray(of(tables.drawn))
        yield show(Resampled(float(of(tables.whole)[0]), drawn, carriers).estimate())
    yield " ".join(
        f"{(given == grade)[values == grade].mean():.2f}" if (values == grade).any() else "-"
        for grade in range(chances.shape[1])
    )
