"""Every figure that a table of counts gives, by the name that a paper may claim it under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.matrix.counts import PublishedMatrix
from lumbargrade.evaluation.measures.analytic_intervals import OF_TABLE
from lumbargrade.evaluation.measures.chance import chance_levels
from lumbargrade.evaluation.measures.measures import SHARES, STATISTICS
from lumbargrade.statistics import accuracy
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS
from lumbargrade.statistics.agreement.two_raters import table_error
from lumbargrade.statistics.bootstrap import Estimate, student_interval
from lumbargrade.statistics.proportions import wilson_interval

Counts = NDArray[np.int64]
WHOLE = tuple(name for name in STATISTICS if not name.endswith(("_any", "_marked")))
"""Figures of a whole table."""

PER_GRADE = ("support", "precision", "recall", "f1")
"""Figures of one grade."""

CUTS = tuple(SHARES)
"""Figures of a cut: of the images at or above a grade against those below it."""

NUMBERS = ("images", "support", "mean_absolute_error")
"""Figures that are no share and no coefficient, so never in percent."""


@dataclass(frozen=True)
class Figure:
    """The name of a figure; ``grade`` is the index of the one that it is of, or of the lowest
    positive one; None of a whole table.
    """

    name: str
    grade: int | None = None


@dataclass(frozen=True)
class MatrixFigures:
    """The figures of one published matrix.

    Attributes
    ----------
    matrix : what they are of.
    values : each with its interval, as if every image were independent of every other; no
        interval where there is no formula.
    wholes : of a figure that is a share, of how many images.
    chance : what each coefficient would be by chance (``measures.chance``).
    """

    matrix: PublishedMatrix
    values: Mapping[Figure, Estimate]
    wholes: Mapping[Figure, int]
    chance: Mapping[str, float]


def figures_of_counts(matrix: PublishedMatrix, confidence: float = 0.95) -> MatrixFigures:
    """Return all figures. Coefficients have Gwet's and Cohen's interval with Student's t, shares
    Wilson's: both for independent images, as a table of counts does not say whose they are.
    """
    counts = matrix.counts
    wholes = _wholes(counts)
    values = {}
    for figure, value in _values(counts).items():
        low = high = float("nan")
        if figure.name in COEFFICIENTS:
            low, high = _by_formula(counts, figure.name, confidence)
        elif figure in wholes and np.isfinite(value):
            low, high = wilson_interval(value, wholes[figure], confidence)
        values[figure] = Estimate(value, low, high)
    return MatrixFigures(matrix, values, wholes, chance_levels(counts))


def _values(counts: Counts) -> dict[Figure, float]:
    per_grade = {
        "support": counts.sum(1),
        "precision": accuracy.precision(counts),
        "recall": accuracy.recall(counts),
        "f1": accuracy.f1(counts),
    }
    grades = range(len(counts))
    return {
        Figure("images"): float(counts.sum()),
        **{Figure(name): float(STATISTICS[name](counts)) for name in WHOLE},
        **{Figure(name, one): float(per_grade[name][one]) for one in grades for name in PER_GRADE},
        **{
            Figure(name, cut): float(SHARES[name](counts, cut))
            for cut in grades[1:]
            for name in CUTS
        },
    }


def _wholes(counts: Counts) -> dict[Figure, int]:
    total, given, true = int(counts.sum()), counts.sum(0), counts.sum(1)
    found = {Figure(name): total for name in ("accuracy", "majority_baseline")}
    found[Figure("off_by_one_accuracy")] = total
    for grade in range(len(counts)):
        found[Figure("recall", grade)] = int(true[grade])
        found[Figure("precision", grade)] = int(given[grade])
    for cut in range(1, len(counts)):
        found[Figure("sensitivity", cut)] = int(true[cut:].sum())
        found[Figure("specificity", cut)] = int(true[:cut].sum())
        found[Figure("ppv", cut)] = int(given[cut:].sum())
        found[Figure("npv", cut)] = int(given[:cut].sum())
    return found


def _by_formula(counts: Counts, name: str, confidence: float) -> tuple[float, float]:
    chance, weights = COEFFICIENTS[name]
    value_of, pull_of = OF_TABLE[chance]
    error = float(table_error(counts, pull_of(counts, weights)))
    value = float(value_of(counts, weights))
    return student_interval(value, error, int(counts.sum()), confidence)
