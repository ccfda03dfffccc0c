"""One network a fold and arm; each fold's probabilities are kept and never made twice."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.folds import FOLDS, fold_of_patients, train_and_test
from benchmarks.real.parts import INPUT_PX, Part
from benchmarks.real.plain import PlainRun, train_plain
from benchmarks.real.project import recipe_of, train_project

Probabilities = dict[str, NDArray[np.float64]]
Rows = NDArray[np.int64]


def plain(part: Part, train: Rows, test: Rows, folder: Path) -> Probabilities:
    """Train the baseline and return code -> probabilities (test, grades)."""
    run = PlainRun(
        part.windows(),
        part.labels,
        part.heads,
        train,
        test,
        folder / "last.pt",
        INPUT_PX[part.name],
    )
    return train_plain(run)


def project(part: Part, train: Rows, test: Rows, folder: Path) -> Probabilities:
    """Train by the project's recipe and return code -> probabilities (test, grades)."""
    rows = {"train": train, "test": test}
    return train_project(part, recipe_of(part.name), rows, folder, folder.parents[2])


ARMS: dict[str, Callable[[Part, Rows, Rows, Path], Probabilities]] = {
    "plain": plain,
    "project": project,
}


def fit_fold(part: Part, arm: str, fold: int, out: Path) -> None:
    """Train an arm on all folds but one and grade that one, unless this was done before."""
    file = result_file(out, part.name, arm, fold)
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    train, test = train_and_test(part.patients, fold_of_patients(part.everyone), fold)
    where = f"{part.name}, {arm}, fold {fold + 1} of {FOLDS}"
    print(f"{where}: {len(train)} slices to learn from, {len(test)} to test on", flush=True)
    found = ARMS[arm](part, train, test, file.parent)
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, allow_pickle=False, rows=test, **found)
    os.replace(partial, file)
    for weights in file.parent.glob("last.*"):
        weights.unlink()  # measured, and not kept
    print(f"{where}: done", flush=True)


def result_file(out: Path, part: str, arm: str, fold: int) -> Path:
    """Return where the probabilities of a fold's test slices are kept."""
    return out / part / arm / f"fold{fold + 1}" / "test.npz"
