"""Pfirrmann grades of discs on real mid-sagittal slices: by folds, external, and simulated.

First the packaged network (or that of ``--model``), on the people of SPIDER that it set aside and
on ``sagittal_t2``. Then three arms of networks trained here: on ``sagittal_t2`` (three folds by
patient; SPIDER is its external test and teaches it nothing), on SPIDER with simulated discs (three
folds of SPIDER, ``sagittal_t2`` is external), and on simulated discs alone. An external test is
graded by the mean of an arm's networks. Corners come from the packaged disc finder, whose training
saw 57 of these people. Networks are kept in OUT/pfirrmann and trained once.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.real.data import read_levels
from benchmarks.real.folds.assign import FOLDS, fold_of_patients
from benchmarks.real.sagittal.learned import Agreement, Folds, read_set, trained
from lumbargrade.errors import BundleError
from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.statistics.accuracy import accuracy, balanced_accuracy, majority_baseline
from lumbargrade.statistics.agreement.two_raters import cohen
from lumbargrade.statistics.bootstrap import Resampled
from lumbargrade.statistics.calibration import softmax
from lumbargrade.statistics.format_estimates import show
from lumbargrade.training.outlines.data import is_set_aside
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import NOBODY
from lumbargrade.training.sagittal.augment import plain_squares
from lumbargrade.training.sagittal.data import GradedDiscs
from lumbargrade.training.sagittal.fit import (
    DiscGraderSettings,
    probabilities_of,
)
from lumbargrade.training.sagittal.run import GradedFiles, read_graded
from lumbargrade.training.sagittal.scores import table_merged

SYSTEM = SAGITTAL_SYSTEMS["PFIRRMANN"]
Floats = NDArray[np.float64]

FIGURES = {
    "kappa, linear": lambda table: cohen(table, "linear"),
    "kappa, linear, 1-2 as one": lambda table: cohen(_merged(table), "linear"),
    "balanced accuracy, 1-2 as one": lambda table: balanced_accuracy(_merged(table)),
    "exact grade": accuracy,
    "exact grade, all the commonest": majority_baseline,
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this meter needs."""
    parser.add_argument("--cohort", type=Path, help="simulated cohort; without it, real arms only")
    parser.add_argument("--steps", type=int, default=DiscGraderSettings.steps)


def run(options: argparse.Namespace) -> None:
    """Train what is not yet trained, and print the tables."""
    torch.set_num_threads(1)
    out = options.out / "pfirrmann"
    mendeley, spider = (
        read_set(options.folder, out, name, (SYSTEM.code,)) for name in ("mendeley", "spider")
    )
    _print("the network of the bundle", _packaged(options.model, spider, mendeley))
    settings = DiscGraderSettings(steps=options.steps)
    everyone = sorted({one.patient for one in read_levels(options.folder)})
    folds = Folds(fold_of_patients(everyone), settings, out / "mendeley")
    own, other = _both(mendeley, spider, folds)
    columns = {"sagittal_t2, folds": (mendeley, own), "SPIDER, external": (spider, other)}
    _print("trained on sagittal_t2", columns)
    if options.cohort is None:
        return
    files = Tracings(tuple(sorted((options.cohort / "discs").glob("*.json"))))
    drawn = read_graded(GradedFiles(files, (SYSTEM.code,)), NOBODY)
    dealt = fold_of_patients([str(one) for one in spider.patients])
    own, other = _both(spider, mendeley, Folds(dealt, settings, out / "spider", drawn))
    columns = {"SPIDER, folds": (spider, own), "sagittal_t2, external": (mendeley, other)}
    _print("trained on SPIDER and simulated discs", columns)
    alone = trained(drawn, settings, out / "simulated")
    found = {
        "SPIDER": (spider, probabilities_of(alone, spider)[0]),
        "sagittal_t2": (mendeley, probabilities_of(alone, mendeley)[0]),
    }
    _print("trained on simulated discs alone", found)


def _packaged(
    model: Path | None, spider: GradedDiscs, mendeley: GradedDiscs
) -> dict[str, tuple[GradedDiscs, Floats]]:
    engine = Engine(load_bundle(model), threads=1)
    aside = spider.at(np.flatnonzero([is_set_aside(str(one)) for one in spider.patients]))
    found = {}
    for name, data in (("SPIDER, set aside", aside), ("sagittal_t2, external", mendeley)):
        squares = plain_squares(torch.from_numpy(data.squares.astype(np.float32)).unsqueeze(1))
        logits = engine.grade_discs(squares[:, 0].numpy())
        if logits is None:
            raise BundleError("the bundle grades no discs: choose another with --model")
        found[name] = (data, np.asarray(softmax(logits), dtype=np.float64))
    return found


def _both(data: GradedDiscs, other: GradedDiscs, folds: Folds) -> tuple[Floats, Floats]:
    """Return probabilities of the discs, each by the network of its fold, and the mean ones of
    another set.
    """
    own = np.zeros((len(data.values), len(SYSTEM.grades)))
    external = np.zeros((len(other.values), len(SYSTEM.grades)))
    for tested, network in folds.networks(data):
        own[tested] = probabilities_of(network, data.at(tested))[0]
        external += probabilities_of(network, other)[0] / FOLDS
    return own, external


def _print(title: str, columns: Mapping[str, tuple[GradedDiscs, Floats]]) -> None:
    print(f"\n{title}\n\n| | {' | '.join(columns)} |\n|---{'|---' * len(columns)}|")
    figures = [_figures(*one) for one in columns.values()]
    patients = [len(set(data.patients.tolist())) for data, _ in columns.values()]
    counts = [
        f"{count}, {len(data.values)}"
        for count, (data, _) in zip(patients, columns.values(), strict=True)
    ]
    _row("patients, discs", counts)
    for name in FIGURES:
        _row(name, [one[name] for one in figures])
    for value, grade in enumerate(SYSTEM.grades):
        cells = []
        for data, chances in columns.values():
            there = data.values[:, 0] == value
            right = (chances.argmax(axis=1) == value)[there]
            cells.append(f"{right.mean():.2f} of {there.sum()}" if there.any() else "-")
        _row(f"recall of grade {grade.name}", cells)


def _row(name: str, cells: Sequence[str]) -> None:
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def _figures(data: GradedDiscs, chances: Floats) -> dict[str, str]:
    tables = Agreement.of(data.patients, data.values[:, 0], chances)
    people = tables.bootstrap.patients
    return {
        name: show(
            Resampled(float(of(tables.whole)[0]), np.asarray(of(tables.drawn)), people).estimate()
        )
        for name, of in FIGURES.items()
    }


def _merged(tables: Floats) -> Floats:
    return np.stack([table_merged(one) for one in tables])
