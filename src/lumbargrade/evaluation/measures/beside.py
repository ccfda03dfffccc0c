"""A model beside readers: both sides of the comparison on the very same images.

How well two readers agree depends on the images. So the model is set beside every two readers on
the images that all three graded, and only such comparisons are averaged, each weighed by
its images: a third reader of a few easy images then moves neither side alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.analytic_intervals import OF_TABLE, Whose
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS, MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix
from lumbargrade.statistics.agreement.two_raters import confusion_table
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Beside:
    """One coefficient of the model against readers, beside readers against each other.

    Attributes
    ----------
    name : key of ``COEFFICIENTS``.
    model : of the model and a reader, the mean of both.
    readers : of the two readers.
    difference : model less readers, over the same resamples of patients. Below 0: the
        model agrees less with readers than they do with each other.
    """

    name: str
    model: Estimate
    readers: Estimate
    difference: Estimate


@dataclass(frozen=True)
class BesideReaders:
    """The model beside readers, on images that all of a comparison graded.

    Attributes
    ----------
    readers : two of them, or more: then the mean over every two, each weighed by its images.
    images, patients : that the model and two of the readers graded.
    rows : in the order of ``COEFFICIENTS``.
    """

    readers: tuple[str, ...]
    images: int
    patients: int
    rows: tuple[Beside, ...]


@dataclass(frozen=True)
class _Sides:
    """Two readers and the model on their common images, by coefficient.

    ``model`` and ``readers`` are (coefficients, 1 + P + B): the value, that without each patient
    of the matrix, then each resample's; ``weight`` (1 + P + B,) is how many images there are.
    """

    pair: tuple[str, str]
    which: NDArray[np.bool_]
    model: Floats
    readers: Floats
    weight: Floats


def beside_readers(
    matrix: ReadingsMatrix, model: str, options: Options
) -> tuple[BesideReaders, ...]:
    """Return the model beside every two readers, and first, of three or more, the mean.

    Every two without an image that the model graded too are left out; empty if that leaves none. A
    mean leaves out, on both sides, two readers of whom a coefficient is undefined. Raises
    EvaluationError if ``model`` is not among the readers, or leaves fewer than two.
    """
    if model not in matrix.readers or len(matrix.readers) < 3:
        raise EvaluationError(
            f"{model!r} cannot be compared with readers: name one of "
            f"{', '.join(sorted(matrix.readers))} and have two others"
        )
    bootstrap = PatientBootstrap.of(matrix.patients, options.resamples, options.seed)
    place = matrix.readers.index(model)
    others = [one for one in range(len(matrix.readers)) if one != place]
    trios = ((place, *pair) for pair in combinations(others, 2))
    found = [one for trio in trios if (one := _sides(matrix, trio, bootstrap)) is not None]
    each = [_shown(matrix, [one], one.pair, bootstrap, options) for one in found]
    if len(found) < 2:
        return tuple(each)
    named = dict.fromkeys(name for one in found for name in one.pair)
    return (_shown(matrix, found, tuple(named), bootstrap, options), *each)


def _sides(
    matrix: ReadingsMatrix, trio: tuple[int, int, int], bootstrap: PatientBootstrap
) -> _Sides | None:
    """Return the sides of (model, reader, reader); None without a common image."""
    which = (matrix.ratings[:, trio] != MISSING).all(1)
    if not which.any():
        return None
    some, columns = bootstrap.of_images(which), matrix.ratings[which][:, trio].T
    tables = []
    for first, second in ((0, 1), (0, 2), (1, 2)):
        graded = columns[first], columns[second]
        whole = confusion_table(*graded, matrix.grades)
        left = np.tile(whole.astype(np.float64), (bootstrap.patients, 1, 1))
        left[np.unique(some.patient)] = some.tables_without(*graded, matrix.grades)
        tables.append(np.concatenate([whole[None], left, some.tables(*graded, matrix.grades)]))
    values = np.array([[_values(name, table) for name in COEFFICIENTS] for table in tables])
    pair = matrix.readers[trio[1]], matrix.readers[trio[2]]
    weight = tables[2].sum((-2, -1))
    return _Sides(pair, which, values[:2].mean(0), values[2], weight)


def _values(name: str, tables: Floats) -> Floats:
    chance, weights = COEFFICIENTS[name]
    return OF_TABLE[chance][0](tables, weights)


def _shown(
    matrix: ReadingsMatrix,
    found: Sequence[_Sides],
    names: tuple[str, ...],
    bootstrap: PatientBootstrap,
    options: Options,
) -> BesideReaders:
    which = np.any([one.which for one in found], axis=0)
    rows = []
    whose = Whose.of(matrix.ratings[which], matrix.patients[which], options.confidence)
    who = 1 + np.unique(bootstrap.patient[which])
    drawn = 1 + bootstrap.patients
    for place, name in enumerate(COEFFICIENTS):
        model, readers = (
            whose.resampled(name, float(side[0]), side[drawn:], side[who])
            for side in _means(found, place)
        )
        sides = (model, readers, model - readers)
        rows.append(Beside(name, *(side.estimate(options.confidence) for side in sides)))
    patients = len(np.unique(matrix.patients[which]))
    return BesideReaders(names, int(which.sum()), patients, tuple(rows))


def _means(found: Sequence[_Sides], place: int) -> tuple[Floats, Floats]:
    """Weighted means (1 + P + B,) of both sides over the pairs in which both are defined."""
    model, readers = (
        np.array([getattr(one, side)[place] for one in found]) for side in ("model", "readers")
    )
    known = np.isfinite(model) & np.isfinite(readers)
    weight = np.array([one.weight for one in found]) * (known & known[:, :1])
    total = np.where(weight.sum(0) > 0, weight.sum(0), np.nan)
    first, second = (
        (weight * np.where(known, side, 0)).sum(0) / total for side in (model, readers)
    )
    return np.asarray(first), np.asarray(second)
