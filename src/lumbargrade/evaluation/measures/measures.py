"""Every figure by its name: what is computed of a table of counts, and in every resample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.analytic_intervals import Whose
from lumbargrade.evaluation.records import Readings
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics import accuracy
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS
from lumbargrade.statistics.agreement.two_raters import cohen, confusion_table, gwet
from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled, Scale
from lumbargrade.statistics.proportions import clustered_share
from lumbargrade.statistics.roc import area_under_curve, resampled_areas

Floats = NDArray[np.float64]
Statistic = Callable[[NDArray[np.generic]], Floats]

Mask = NDArray[np.bool_]
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

WEIGHED = ("accuracy", "off_by_one_accuracy", "precision_weighted", "f1_weighted")
"""Figures between 0 and 1 in which every image weighs the same."""


def resample(readings: Readings, bootstrap: PatientBootstrap, grades: int) -> dict[str, Resampled]:
    """Return every figure of the n images, and what it is in each resample of their patients.

    Figures of two readings of the same images from the same bootstrap can be subtracted.
    """
    table = confusion_table(readings.reference, readings.predicted, grades)
    drawn = bootstrap.tables(readings.reference, readings.predicted, grades)
    figures = {
        name: Resampled(float(STATISTICS[name](table)), STATISTICS[name](drawn), *carried)
        for name, carried in _carried(readings, bootstrap).items()
    }
    graded = readings.reference, readings.predicted
    whose = Whose.of(np.stack(graded, axis=1), readings.patients, 0.0)
    left = bootstrap.tables_without(*graded, grades)
    for name in COEFFICIENTS:
        statistic = STATISTICS[name]
        figures[name] = whose.resampled(
            name, float(statistic(table)), statistic(drawn), statistic(left)
        )
    # A mean over the grades that are left would be another statistic in such a resample.
    whole = (drawn.sum(-1)[:, table.sum(1) > 0] > 0).all(1)
    for name in MEANS_OF_GRADES:
        draws = np.where(whole, figures[name].draws, np.nan)
        figures[name] = replace(figures[name], draws=draws)
    for name, (hit, among) in _hits(readings).items():
        formula = partial(clustered_share, hit[among], readings.patients[among])
        figures[name] = replace(figures[name], formula=formula)
    figures["majority_baseline"] = _majority(table, drawn, bootstrap.patients)
    for name, lowest in DICHOTOMIES.items():
        figures[f"auc_{name}"] = _area(readings, bootstrap, lowest)
    return figures


def _carried(readings: Readings, bootstrap: PatientBootstrap) -> dict[str, tuple[int, Scale]]:
    """Return how many patients carry each figure but the coefficients, and its scale."""
    truth, call = readings.reference, readings.predicted
    rarest = min((bootstrap.carriers(truth == grade) for grade in np.unique(truth)), default=0)
    found: dict[str, tuple[int, Scale]] = {name: (bootstrap.patients, "share") for name in WEIGHED}
    found |= {name: (rarest, "share") for name in MEANS_OF_GRADES}
    found["majority_baseline"] = (bootstrap.patients, "share")
    found["mean_absolute_error"] = (bootstrap.patients, "amount")
    for name, lowest in DICHOTOMIES.items():
        among = (truth >= lowest, truth < lowest, call >= lowest, call < lowest)
        for share, which in zip(SHARES, among, strict=True):
            found[f"{share}_{name}"] = (bootstrap.carriers(which), "share")
    return found


def _hits(readings: Readings) -> dict[str, tuple[Mask, Mask]]:
    """Return, for each figure that is a share of images, which are hits and among which (n,)."""
    apart = np.abs(readings.predicted - readings.reference)
    everywhere = np.ones(len(apart), dtype=np.bool_)
    hits = {
        "accuracy": (apart == 0, everywhere),
        "off_by_one_accuracy": (apart <= 1, everywhere),
    }
    for name, lowest in DICHOTOMIES.items():
        truth, call = readings.reference >= lowest, readings.predicted >= lowest
        hits |= {
            f"sensitivity_{name}": (call, truth),
            f"specificity_{name}": (~call, ~truth),
            f"ppv_{name}": (truth, call),
            f"npv_{name}": (~truth, ~call),
        }
    return hits


def _majority(table: NDArray[np.int64], drawn: Floats, patients: int) -> Resampled:
    """Always give the grade that is the most frequent here, not anew in every resample."""
    grade = int(table.sum(1).argmax())
    images = drawn.sum((-2, -1))
    share = drawn[:, grade].sum(-1) / np.where(images > 0, images, np.nan)
    return Resampled(float(accuracy.majority_baseline(table)), share, patients, "share")


def _area(readings: Readings, bootstrap: PatientBootstrap, lowest: int) -> Resampled:
    positive = readings.reference >= lowest
    score = readings.probabilities[:, lowest:].sum(1)
    draws = resampled_areas(positive, score, bootstrap)
    rarer = min(bootstrap.carriers(kind) for kind in (positive, ~positive))
    return Resampled(float(area_under_curve(positive, score)), draws, rarer, "share")
