"""Coefficients of agreement of two columns, as a whole and without each patient in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.analytic_intervals import OF_TABLE, Whose
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS, MISSING
from lumbargrade.statistics.agreement.two_raters import confusion_table
from lumbargrade.statistics.bootstrap import (
    Estimate,
    PatientBootstrap,
    Scale,
    without_interval,
)
from lumbargrade.statistics.reader_studies.over_readers import OverReaders, over_readers

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Series:
    """The coefficients of two columns over the images that both graded.

    Attributes
    ----------
    which : (n,) images that count.
    values : name of a coefficient -> (1 + P,): as a whole, then without each patient of the table,
        in the order of their names.
    """

    which: NDArray[np.bool_]
    values: Mapping[str, Floats]

    def __sub__(self, other: Series) -> Series:
        """Return the differences, on the images of either."""
        values = {name: one - other.values[name] for name, one in self.values.items()}
        return Series(self.which | other.which, values)


@dataclass(frozen=True)
class Background:
    """Whose grades decide how many patients carry a figure, and what it is a figure of."""

    system: str
    ratings: Integers
    patients: NDArray[np.str_]
    confidence: float = 0.95


def series_of(
    first: Integers,
    second: Integers,
    patients: NDArray[np.str_],
    grades: int,
    some: NDArray[np.bool_] | None = None,
) -> Series:
    """Return the coefficients of two columns (n,) of grades, ``MISSING`` where there is none.

    ``some`` are the images to be used; None: all that both graded.
    """
    which = (first != MISSING) & (second != MISSING)
    if some is not None:
        which &= some
    boot = PatientBootstrap.of(patients, 0, 0)
    graded = first[which], second[which]
    whole = confusion_table(*graded, grades).astype(np.float64)
    tables = np.tile(whole, (1 + boot.patients, 1, 1))
    there = boot.of_images(which)
    tables[1 + np.unique(there.patient)] = there.tables_without(*graded, grades)
    values = {
        name: np.asarray(OF_TABLE[chance][0](tables, weights))
        for name, (chance, weights) in COEFFICIENTS.items()
    }
    return Series(which, values)


def mean_of(series: Sequence[Series], name: str, patients: NDArray[np.str_]) -> OverReaders:
    """Return the mean of a coefficient over readers, one series a reader.

    Its parts are NaN where the coefficient is undefined without some patient.
    """
    which = np.any([one.which for one in series], axis=0)
    _, index = np.unique(patients, return_inverse=True)
    used = 1 + np.unique(index[which])
    values = np.array([one.values[name] for one in series])
    return over_readers(values[:, 0], values[:, used].T)


def figures_over_readers(
    series: Sequence[Series], of: str, scale: Scale, about: Background
) -> list[Figure]:
    """Return the mean over readers of each coefficient, about these and about readers like these.

    Every series is one reader's; with one reader there is nothing to say of others.
    """
    found = []
    which = np.any([one.which for one in series], axis=0)
    for name in COEFFICIENTS:
        mean = mean_of(series, name, about.patients)
        for claim, estimate in estimates_of(mean, name, which, scale, about).items():
            count = len(np.unique(about.patients[which]))
            whose = (about.system, name, of, claim)
            found.append(Figure(*whose, estimate, int(which.sum()), count, len(series)))
    return found


def estimates_of(
    mean: OverReaders, name: str, which: NDArray[np.bool_], scale: Scale, about: Background
) -> dict[str, Estimate]:
    """Return a mean over readers about these readers, and about readers like these."""
    whose = Whose.of(about.ratings[which], about.patients[which], about.confidence)
    reason = whose.reason(name)
    if not reason and np.isfinite(mean.value) and not np.isfinite(mean.variance):
        reason = "undefined without one patient"
    if reason:
        nothing = without_interval(mean.value, reason)
        return {THESE: nothing, LIKE_THESE: nothing}
    carriers = whose.carriers(name)
    return {
        THESE: mean.these(carriers, scale, about.confidence),
        LIKE_THESE: mean.like_these(carriers, scale, about.confidence),
    }


def figures_of_one(
    series: Series, of: str, about: Background, scale: Scale = "coefficient"
) -> list[Figure]:
    """Return each coefficient of one reader with its interval over patients."""
    rows = figures_over_readers([series], of, scale, about)
    return [
        Figure(row.system, row.measure, row.of, "", row.estimate, row.images, row.patients, 1)
        for row in rows
        if row.about == THESE
    ]
