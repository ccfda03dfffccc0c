"""Intervals from formulas, to put beside those of resampled patients.

Each figure has two: as if images were independent, which is what papers print (Gwet and
Cohen with Student's t, DeLong for an area), and with images clustered by patient (the
jackknife that leaves out one patient at a time, Obuchowski for an area; Student's quantile of
the patients who carry the figure, on the scale of ``bootstrap.Resampled``).
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
from lumbargrade.statistics.bootstrap import (
    Estimate,
    PatientBootstrap,
    Resampled,
    left_out,
    patient_interval,
    student_interval,
    without_interval,
)
from lumbargrade.statistics.patients import too_few_far, too_few_images
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


@dataclass(frozen=True)
class Whose:
    """Whose images a coefficient is of.

    Attributes
    ----------
    images : that have a grade.
    patients : of these images.
    apart : patients who have an image with another grade than the commonest.
    far : patients who have an image with a grade two or more from the commonest.
    """

    images: int
    patients: int
    apart: int
    far: int
    confidence: float

    @classmethod
    def of(cls, ratings: NDArray[np.int64], patients: NDArray[Any], confidence: float) -> Whose:
        """Count them; ``ratings`` are (n, r) grades, negative where there is none."""
        given = ratings[ratings >= 0]
        commonest = int(np.bincount(given).argmax()) if len(given) else 0
        graded = (ratings >= 0).any(1)
        steps = np.where(ratings >= 0, np.abs(ratings - commonest), 0).max(1, initial=0)
        known, apart, far = (
            len(np.unique(patients[some])) for some in (graded, steps > 0, steps > 1)
        )
        return cls(int(graded.sum()), known, apart, far, confidence)

    def carriers(self, coefficient: str) -> int:
        """Return how many patients carry a coefficient of ``COEFFICIENTS``.

        A kappa says how well grades are told apart, so it hangs on the patients who have
        another grade than the commonest; AC1 and AC2 hang on all.
        """
        return self.apart if coefficient.startswith("kappa") else self.patients

    def reason(self, coefficient: str) -> str:
        """Return why a coefficient has no interval; empty where it may have one."""
        if not coefficient.endswith("quadratic"):
            return ""
        return too_few_images(self.images) or too_few_far(self.far)

    def resampled(self, name: str, value: float, draws: Floats, without: Floats) -> Resampled:
        """Return a coefficient with its resamples (B,), and what it is ``without`` each patient."""
        return Resampled(
            value,
            draws,
            self.carriers(name),
            "coefficient",
            freedom=left_out(without)[1],
            reason=self.reason(name),
        )

    def estimate(self, name: str, value: float, without: Floats) -> Estimate:
        """Return a coefficient with Student's interval by the jackknife over patients."""
        if reason := self.reason(name):
            return without_interval(value, reason)
        error, freedom = left_out(without)
        carriers = self.carriers(name)
        return patient_interval(value, error, carriers, "coefficient", self.confidence, freedom)


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
    whose = Whose.of(np.stack([first, second], axis=1), patients, confidence)
    left = PatientBootstrap.of(patients, 0, 0).tables_without(first, second, grades)
    found = {}
    for name, (chance, weights) in COEFFICIENTS.items():
        value_of, pull_of = OF_TABLE[chance]
        value = float(value_of(table, weights))
        error = float(two_raters.table_error(table, pull_of(table, weights)))
        found[name] = coefficient_intervals(name, value, error, value_of(left, weights), whose)
    return found


def coefficient_intervals(
    name: str, value: float, error: float, without: Floats, whose: Whose
) -> ByFormula:
    """Return a coefficient with Student's interval both ways.

    ``error`` is its standard error for independent images; ``without`` (P,) is the coefficient
    without each patient.
    """
    images = Estimate(value, *student_interval(value, error, whose.images, whose.confidence))
    return ByFormula(images, whose.estimate(name, value, without))


def _area(
    positive: NDArray[np.bool_], score: Floats, patients: NDArray[np.str_], confidence: float
) -> ByFormula:
    area = float(area_under_curve(positive, score))
    alone = np.arange(len(score))
    found = []
    for whose in (alone, patients):
        error = area_error(positive, score, whose)
        rarer = min(len(np.unique(whose[kind])) for kind in (positive, ~positive))
        found.append(area_interval(area, error, rarer, confidence))
    return ByFormula(*found)
