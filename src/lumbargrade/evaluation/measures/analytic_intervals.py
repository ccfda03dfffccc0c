"""Intervals from formulas, to put beside those of resampled patients.

Each figure has two: as if images were independent, which is what papers print (Gwet and
Cohen with Student's t, DeLong for an area), and with images clustered by patient (the
same pulls summed by patient, Obuchowski for an area).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.records import Readings
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics.agreement import two_raters
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS, Chance
from lumbargrade.statistics.bootstrap import Estimate, cluster_error, student_interval
from lumbargrade.statistics.roc import area_error, area_interval, area_under_curve

Floats = NDArray[np.float64]
OfTable = Callable[..., Floats]

OF_TABLE: Mapping[Chance, tuple[OfTable, OfTable]] = MappingProxyType(
    {
        "gwet": (two_raters.gwet, two_raters.gwet_pull),
        "fleiss": (two_raters.cohen, two_raters.cohen_pull),
    }
)
"""Whose chance -> the coefficient of a table of two graders, and its pull."""


@dataclass(frozen=True)
class ByFormula:
    """One figure with an interval for independent images, and one for images in patients."""

    independent: Estimate
    clustered: Estimate


def by_formula(readings: Readings, grades: int, confidence: float = 0.95) -> dict[str, ByFormula]:
    """Return the coefficients of agreement and both areas, by the names of ``measures``."""
    graded = (readings.reference, readings.predicted, readings.patients)
    found = coefficients_by_formula(*graded, grades, confidence)
    for name, lowest in DICHOTOMIES.items():
        score = readings.probabilities[:, lowest:].sum(1)
        positive = readings.reference >= lowest
        found[f"auc_{name}"] = _area(positive, score, readings.patients, confidence)
    return found


def coefficients_by_formula(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    patients: NDArray[Any],
    grades: int,
    confidence: float,
) -> dict[str, ByFormula]:
    """Return the coefficients of two graders of the same n images, by their names.

    ``first``, ``second`` are (n,) grades 0..q-1, ``patients`` (n,) of each image.
    """
    table = two_raters.confusion_table(first, second, grades)
    found = {}
    for name, (chance, weights) in COEFFICIENTS.items():
        value_of, pull_of = OF_TABLE[chance]
        pull = pull_of(table, weights)
        found[name] = coefficient_intervals(
            float(value_of(table, weights)),
            float(two_raters.table_error(table, pull)),
            pull[first, second],
            patients,
            confidence,
        )
    return found


def coefficient_intervals(
    value: float, error: float, pull: Floats, patients: NDArray[Any], confidence: float
) -> ByFormula:
    """Return a coefficient with Student's interval both ways.

    ``error`` is its standard error for independent images; ``pull`` and ``patients`` are (n,) of
    each image (see ``two_raters``).
    """
    known = len(np.unique(patients))
    return ByFormula(
        Estimate(value, *student_interval(value, error, len(patients), confidence)),
        Estimate(value, *student_interval(value, cluster_error(pull, patients), known, confidence)),
    )


def _area(
    positive: NDArray[np.bool_], score: Floats, patients: NDArray[np.str_], confidence: float
) -> ByFormula:
    area = float(area_under_curve(positive, score))
    delong, clustered = (area_error(positive, score, whose) for whose in (None, patients))
    return ByFormula(
        Estimate(area, *area_interval(area, delong, confidence)),
        Estimate(area, *area_interval(area, clustered, confidence)),
    )
