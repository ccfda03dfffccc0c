"""Every figure by its name: what is computed of a table of counts, and in every resample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.records import Readings
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics import accuracy
from lumbargrade.statistics.agreement.two_raters import cohen, confusion_table, gwet
from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled
from lumbargrade.statistics.roc import area_under_curve, resampled_areas

Floats = NDArray[np.float64]
Statistic = Callable[[NDArray[np.generic]], Floats]

Share = Callable[[NDArray[np.generic], int], Floats]


def _at(share: Share, lowest_positive: int) -> Statistic:
    return lambda table: share(table, lowest_positive)


SHARES: Mapping[str, Share] = MappingProxyType(
    {
        "sensitivity": accuracy.sensitivity,
        "specificity": accuracy.specificity,
        "ppv": accuracy.positive_predictive_value,
        "npv": accuracy.negative_predictive_value,
    }
)
"""Name -> function of the table and the lowest positive grade."""

STATISTICS: Mapping[str, Statistic] = MappingProxyType(
    {
        "ac1": gwet,
        "ac2_linear": partial(gwet, weights="linear"),
        "ac2_quadratic": partial(gwet, weights="quadratic"),
        "ac2_ordinal": partial(gwet, weights="ordinal"),
        "kappa": cohen,
        "kappa_linear": partial(cohen, weights="linear"),
        "kappa_quadratic": partial(cohen, weights="quadratic"),
        "accuracy": accuracy.accuracy,
        "majority_baseline": accuracy.majority_baseline,
        "balanced_accuracy": accuracy.balanced_accuracy,
        "off_by_one_accuracy": accuracy.off_by_one_accuracy,
        "mean_absolute_error": accuracy.mean_absolute_error,
        "precision_macro": lambda table: accuracy.macro(accuracy.precision(table), table),
        "precision_weighted": lambda table: accuracy.weighted(accuracy.precision(table), table),
        "f1_macro": lambda table: accuracy.macro(accuracy.f1(table), table),
        "f1_weighted": lambda table: accuracy.weighted(accuracy.f1(table), table),
        **{
            f"{share}_{name}": _at(of, lowest)
            for name, lowest in DICHOTOMIES.items()
            for share, of in SHARES.items()
        },
    }
)
"""Name -> function of tables (..., q, q). ``*_macro`` takes the grades that occur in the
reference alike (so macro recall is ``balanced_accuracy``), ``*_weighted`` weighs them by
how often they occur (so weighted recall is ``accuracy``)."""

MEANS_OF_GRADES = ("balanced_accuracy", "precision_macro", "f1_macro")
"""Figures in which a rare grade weighs as much as a frequent one."""

ENOUGH_PATIENTS = 5
"""Patients who must have a grade, or a class, before resamples say anything of it: of five
one in 150 resamples has none, and a handful drawn anew is still the same handful."""


def resample(readings: Readings, bootstrap: PatientBootstrap, grades: int) -> dict[str, Resampled]:
    """Return every figure of the n images, and what it is in each resample of their patients.

    Figures of two readings of the same images from the same bootstrap can be subtracted.
    """
    table = confusion_table(readings.reference, readings.predicted, grades)
    drawn = bootstrap.tables(readings.reference, readings.predicted, grades)
    figures = {
        name: Resampled(float(statistic(table)), statistic(drawn))
        for name, statistic in STATISTICS.items()
    }
    whole = _with_every_grade(readings, bootstrap, table, drawn)
    for name in MEANS_OF_GRADES:
        figures[name] = Resampled(figures[name].value, np.where(whole, figures[name].draws, np.nan))
    figures["majority_baseline"] = _majority(table, drawn)
    for name, lowest in DICHOTOMIES.items():
        figures[f"auc_{name}"] = _area(readings, bootstrap, lowest)
    return figures


def patients_with(which: NDArray[np.bool_], bootstrap: PatientBootstrap) -> int:
    """Return how many patients have one of these images (n,)."""
    return len(np.unique(bootstrap.patient[which]))


def unless_few(draws: Floats, patients: int) -> Floats:
    """Return the draws (B,), all undefined where too few patients have what they are about."""
    return draws if patients >= ENOUGH_PATIENTS else np.full(len(draws), np.nan)


def _with_every_grade(
    readings: Readings, bootstrap: PatientBootstrap, table: NDArray[np.int64], drawn: Floats
) -> NDArray[np.bool_]:
    """Return which resamples (B,) hold every grade that the reference holds; none if one is rare.

    A mean over the grades that are left would be another statistic in every resample.
    """
    occurs = np.flatnonzero(table.sum(1))
    rarest = min(
        (patients_with(readings.reference == grade, bootstrap) for grade in occurs), default=0
    )
    return np.asarray((drawn.sum(-1)[:, occurs] > 0).all(1) & (rarest >= ENOUGH_PATIENTS))


def _majority(table: NDArray[np.int64], drawn: Floats) -> Resampled:
    """Always give the grade that is the most frequent here, not anew in every resample."""
    grade = int(table.sum(1).argmax())
    images = drawn.sum((-2, -1))
    share = drawn[:, grade].sum(-1) / np.where(images > 0, images, np.nan)
    return Resampled(float(accuracy.majority_baseline(table)), share)


def _area(readings: Readings, bootstrap: PatientBootstrap, lowest: int) -> Resampled:
    positive = readings.reference >= lowest
    score = readings.probabilities[:, lowest:].sum(1)
    draws = resampled_areas(positive, score, bootstrap)
    rarer = min(patients_with(kind, bootstrap) for kind in (positive, ~positive))
    return Resampled(float(area_under_curve(positive, score)), unless_few(draws, rarer))
