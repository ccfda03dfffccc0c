"""How well several readers of the same images agree, a model among them or not.

Every coefficient has three intervals: for independent images (what papers print), for
images in clusters (patients), and from resampled patients. The last two should agree;
the first is too narrow wherever images of one patient resemble each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lumbargrade.evaluation.measures.analytic_intervals import (
    OF_TABLE,
    ByFormula,
    Whose,
    coefficient_intervals,
    coefficients_by_formula,
)
from lumbargrade.evaluation.measures.chance import chance_levels, chance_levels_of_all
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.statistics.agreement.many_raters import (
    COEFFICIENTS,
    MISSING,
    add_up,
    add_up_without,
    coefficient,
    images_as_sums,
    published_pull,
)
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix
from lumbargrade.statistics.agreement.two_raters import confusion_table
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, Resampled, cluster_error


@dataclass(frozen=True)
class CoefficientFigures:
    """One coefficient of some readers, with its three intervals.

    Attributes
    ----------
    name : key of ``COEFFICIENTS``.
    resampled : the value, and what it is in every resample of patients.
    independent : with Student's interval, as if images were independent. Of all readers it
        is Gwet's published one, which is too wide where many readings are missing.
    clustered : with Student's interval, its error by leaving out one patient at a time.
    bootstrap : with Student's interval, its error that of the resamples.
    """

    name: str
    resampled: Resampled
    independent: Estimate
    clustered: Estimate
    bootstrap: Estimate


@dataclass(frozen=True)
class ReaderAgreement:
    """Some readers of a matrix, two or all, over what two or more of them read.

    ``coefficients`` are in the order of ``COEFFICIENTS``; ``chance`` is by name what each would be
    of readers who grade independently (``measures.chance``).
    """

    readers: tuple[str, ...]
    images: int
    patients: int
    coefficients: tuple[CoefficientFigures, ...]
    chance: Mapping[str, float]


def pairwise(matrix: ReadingsMatrix, options: Options) -> tuple[ReaderAgreement, ...]:
    """Return the agreement of every two readers, over the images that both read."""
    bootstrap = PatientBootstrap.of(matrix.patients, options.resamples, options.seed)
    pairs = combinations(range(len(matrix.readers)), 2)
    return tuple(_of_pair(matrix, pair, bootstrap, options) for pair in pairs)


def overall(matrix: ReadingsMatrix, options: Options) -> ReaderAgreement:
    """Return the agreement of all readers at once; some may have read some images only."""
    rated = (matrix.ratings != MISSING).any(1)
    ratings, patients = matrix.ratings[rated], matrix.patients[rated]
    bootstrap = PatientBootstrap.of(patients, options.resamples, options.seed)
    whose = Whose.of(ratings, patients, options.confidence)
    found = []
    for name, (chance, weights) in COEFFICIENTS.items():
        images = images_as_sums(ratings, matrix.grades, weights)
        value = coefficient(add_up(images, np.ones(len(ratings))), weights, chance)
        drawn = [
            coefficient(add_up(images, times), weights, chance)
            for times in bootstrap.image_weights()
        ]
        draws = np.concatenate([np.zeros(0), *drawn])
        without = coefficient(add_up_without(images, patients), weights, chance)
        resampled = whose.resampled(name, float(value), draws, without)
        published = published_pull(images, weights, chance)
        error = cluster_error(published, np.arange(len(ratings)))
        formula = coefficient_intervals(name, float(value), error, without, whose)
        found.append(_figures(name, resampled, formula, options))
    paired = (ratings != MISSING).sum(1) > 1
    patients_paired = len(np.unique(patients[paired]))
    levels = chance_levels_of_all(ratings, matrix.grades)
    return ReaderAgreement(matrix.readers, int(paired.sum()), patients_paired, tuple(found), levels)


def _of_pair(
    matrix: ReadingsMatrix, pair: tuple[int, int], bootstrap: PatientBootstrap, options: Options
) -> ReaderAgreement:
    both = (matrix.ratings[:, pair] != MISSING).all(1)
    first, second = matrix.ratings[both][:, pair].T
    patients = matrix.patients[both]
    some = bootstrap.of_images(both)
    drawn = some.tables(first, second, matrix.grades)
    left = some.tables_without(first, second, matrix.grades)
    formulas = coefficients_by_formula(first, second, patients, matrix.grades, options.confidence)
    whose = Whose.of(matrix.ratings[both][:, pair], patients, options.confidence)
    found = []
    for name, (chance, weights) in COEFFICIENTS.items():
        value_of, _ = OF_TABLE[chance]
        value = formulas[name].clustered.value
        resampled = whose.resampled(name, value, value_of(drawn, weights), value_of(left, weights))
        found.append(_figures(name, resampled, formulas[name], options))
    names = tuple(matrix.readers[place] for place in pair)
    levels = chance_levels(confusion_table(first, second, matrix.grades))
    return ReaderAgreement(names, len(first), len(np.unique(patients)), tuple(found), levels)


def _figures(
    name: str, resampled: Resampled, formula: ByFormula, options: Options
) -> CoefficientFigures:
    bootstrap = resampled.estimate(options.confidence)
    return CoefficientFigures(name, resampled, formula.independent, formula.clustered, bootstrap)
