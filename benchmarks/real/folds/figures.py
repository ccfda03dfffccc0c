"""The figures of one head: areas over all and within level, agreement, accuracy.

Areas are of the highest grade against the lowest, middle grades left out; the score is the
expected grade. "Within level" compares two slices only where they are of the same level,
so that knowing the level alone earns 0.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.labels.ranking import Ranked, over_all, within_level
from lumbargrade.statistics.accuracy import accuracy, balanced_accuracy, majority_baseline
from lumbargrade.statistics.agreement.two_raters import cohen, gwet
from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Names = NDArray[np.str_]


@dataclass(frozen=True)
class Graded:
    """Slices with a known label of one head, and what a network gives them.

    Attributes
    ----------
    patients, levels : (n,).
    labels : (n,) 0..q-1.
    probabilities : (n, q).
    """

    patients: Names
    levels: Names
    labels: Labels
    probabilities: Floats

    @property
    def given(self) -> Labels:
        """(n,) the likeliest grade."""
        return np.asarray(self.probabilities.argmax(1))

    @property
    def score(self) -> Floats:
        """(n,) the expected grade."""
        return np.asarray(self.probabilities @ np.arange(self.probabilities.shape[1]))


def merged_lowest(graded: Graded) -> Graded:
    """Return the same with the two lowest grades made one (Pfirrmann 1 and 2)."""
    lowest = graded.probabilities[:, :2].sum(1, keepdims=True)
    return Graded(
        graded.patients,
        graded.levels,
        np.maximum(graded.labels - 1, 0),
        np.concatenate([lowest, graded.probabilities[:, 2:]], axis=1),
    )


BASELINE = "accuracy of the commonest grade"

TABLE_FIGURES: Mapping[str, Callable[[Floats], Floats]] = {
    "AC1": gwet,
    "kappa, linear": lambda table: cohen(table, "linear"),
    "kappa, quadratic": lambda table: cohen(table, "quadratic"),
    "accuracy": accuracy,
    BASELINE: majority_baseline,
    "balanced accuracy": balanced_accuracy,
}


def resampled_figures(graded: Graded, resamples: int, seed: int) -> dict[str, Resampled]:
    """Return every figure with its value in each resample of patients."""
    bootstrap = PatientBootstrap.of(graded.patients, resamples, seed)
    found = {
        name: Resampled(
            float(area(graded, np.ones(len(graded.labels)))),
            _areas(area, graded, bootstrap),
            bootstrap.patients,
            "share",
        )
        for name, area in AREAS.items()
    }
    grades = graded.probabilities.shape[1]
    once = PatientBootstrap(bootstrap.patient, np.ones((1, bootstrap.draws.shape[1]), np.int16))
    whole, tables = (one.tables(graded.labels, graded.given, grades) for one in (once, bootstrap))
    for name, figure in TABLE_FIGURES.items():
        found[name] = Resampled(
            float(figure(whole)[0]), np.asarray(figure(tables)), bootstrap.patients
        )
    return found


def area_over_all(graded: Graded, weights: Floats) -> Floats:
    """Return the area (...) for weights (..., n)."""
    ends = _ends(graded)
    return over_all(_ranked(graded).where(ends), np.asarray(weights)[..., ends])


def area_within_level(graded: Graded, weights: Floats) -> Floats:
    """Return the mean area (...) of the levels, each weighed by its pairs of slices."""
    ends = _ends(graded)
    return within_level(_ranked(graded).where(ends), np.asarray(weights)[..., ends])


AREAS: Mapping[str, Callable[[Graded, Floats], Floats]] = {
    "AUC": area_over_all,
    "AUC within level": area_within_level,
}


def bare_figures(labels: Labels, probabilities: Floats, levels: Names) -> dict[str, float]:
    """Return the figures without intervals; unknown labels are left out."""
    known = labels >= 0
    everyone = np.arange(len(labels)).astype(np.str_)
    graded = Graded(everyone[known], levels[known], labels[known], probabilities[known])
    return {name: one.value for name, one in resampled_figures(graded, 0, 0).items()}


def _ranked(graded: Graded) -> Ranked:
    return Ranked(graded.patients, graded.levels, graded.labels > 0, graded.score)


def _ends(graded: Graded) -> NDArray[np.bool_]:
    top = graded.probabilities.shape[1] - 1
    return np.asarray((graded.labels == 0) | (graded.labels == top))


def _areas(
    area: Callable[[Graded, Floats], Floats], graded: Graded, bootstrap: PatientBootstrap
) -> Floats:
    weights: Iterator[Floats] = bootstrap.image_weights()
    return np.concatenate([np.zeros(0), *(area(graded, some) for some in weights)])
