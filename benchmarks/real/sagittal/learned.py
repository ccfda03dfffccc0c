"""Disc graders learned from real discs by folds, and how they agree with the reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.folds.assign import FOLDS
from benchmarks.real.sagittal import graded as material
from lumbargrade.statistics.bootstrap import PatientBootstrap
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import NOBODY
from lumbargrade.training.sagittal.data import GradedDiscs
from lumbargrade.training.sagittal.fit import DiscGraderSettings, fit_disc_grader
from lumbargrade.training.sagittal.network import DiscGrader
from lumbargrade.training.sagittal.run import GradedFiles, joined, read_graded

RESAMPLES, SEED = 2000, 0


def read_set(folder: Path, out: Path, name: str, systems: tuple[str, ...] = ()) -> GradedDiscs:
    """Return a set of real discs; none is set aside, for folds take its place."""
    if not (out / f"{name}.json").exists():
        material.write(folder, out, (name,))
    files = Tracings((out / f"{name}.json",), folder)
    data = read_graded(GradedFiles(files, systems), NOBODY)
    return replace(data, aside=np.zeros_like(data.aside))


@dataclass(frozen=True)
class Folds:
    """How networks are trained on all folds but one, and where they are kept.

    ``beside`` is learned in every fold.
    """

    fold_of: Mapping[str, int]
    settings: DiscGraderSettings
    out: Path
    beside: GradedDiscs | None = None

    def networks(self, data: GradedDiscs) -> Iterator[tuple[NDArray[np.int64], DiscGrader]]:
        """Yield the rows of each fold, and the network that saw none of its patients."""
        fold = np.array([self.fold_of[str(one)] for one in data.patients])
        for number in range(FOLDS):
            learned = data.at(np.flatnonzero(fold != number))
            given = learned if self.beside is None else joined([learned, self.beside])
            network = trained(given, self.settings, self.out / str(number))
            yield np.flatnonzero(fold == number), network


def trained(data: GradedDiscs, settings: DiscGraderSettings, out: Path) -> DiscGrader:
    """Train on all discs, or return the network that was."""
    print(f"training on {len(data.values)} discs: {out}", flush=True)
    return fit_disc_grader(data, settings, out, NOBODY)


@dataclass(frozen=True)
class Agreement:
    """Tables of the reader's values against the most probable ones: of all, and resampled."""

    whole: NDArray[np.float64]
    drawn: NDArray[np.float64]
    bootstrap: PatientBootstrap

    @classmethod
    def of(
        cls, patients: NDArray[np.str_], values: NDArray[np.int64], chances: NDArray[np.float64]
    ) -> Agreement:
        """Count them; ``chances`` are (N, grades)."""
        bootstrap = PatientBootstrap.of(patients, RESAMPLES, SEED)
        once = np.ones((1, bootstrap.draws.shape[1]), np.int16)
        given, grades = chances.argmax(axis=1), chances.shape[1]
        whole, drawn = (
            one.tables(values, given, grades)
            for one in (PatientBootstrap(bootstrap.patient, once), bootstrap)
        )
        return cls(whole, drawn, bootstrap)
