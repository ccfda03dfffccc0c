"""The figures of one grading system over one group of images, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.analytic_intervals import ByFormula, by_formula
from lumbargrade.evaluation.measures.chance import chance_levels
from lumbargrade.evaluation.measures.measures import resample
from lumbargrade.evaluation.records import ImageRecord, Readings
from lumbargrade.statistics.accuracy import f1
from lumbargrade.statistics.agreement.two_raters import confusion_table
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, Resampled
from lumbargrade.statistics.proportions import clustered_share

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Options:
    """How intervals are made, and the largest share of wrong grades that the user takes."""

    resamples: int = 2000
    seed: int = 0
    confidence: float = 0.95
    error_limit: float = 0.05


@dataclass(frozen=True)
class Coverage:
    """How many images were graded; what was not is never counted as grade 0.

    Of those ``with_reference`` (a true grade) some are ``graded``, which the figures are about, and
    some are not. ``graded_without_reference`` have no true grade (no disc there).
    """

    with_reference: int
    graded: int
    not_graded: int
    graded_without_reference: int


@dataclass(frozen=True)
class GradeFigures:
    """One grade: how often it occurs, and how often it is found.

    Recall and precision have Wilson's interval for images in clusters; F1, which is no
    share, Student's with the error of the resamples.
    """

    grade: int
    images: int
    patients: int
    not_graded: int
    recall: Estimate
    precision: Estimate
    f1: Estimate


@dataclass(frozen=True)
class SystemFigures:
    """One grading system over one group of images.

    ``table`` is (q, q), rows = reference, columns = prediction. ``figures`` is keyed by
    the names of ``measures.STATISTICS`` and ``auc_any``, ``auc_marked``; those that are shares of
    images (accuracy, sensitivity) have Wilson's interval for images in clusters, which says
    something at 0 and 1 too. ``shares`` are those by
    themselves.
    ``formulas`` has the coefficients of agreement and the areas once more, with the
    intervals of their formulas.
    """

    system: str
    group: str
    images: int
    patients: int
    coverage: Coverage
    figures: Mapping[str, Estimate]
    shares: Mapping[str, Estimate]
    formulas: Mapping[str, ByFormula]
    grades: tuple[GradeFigures, ...]
    table: tuple[tuple[int, ...], ...]

    @property
    def chance(self) -> dict[str, float]:
        """What each coefficient of agreement would be by chance alone (``measures.chance``)."""
        return chance_levels(np.array(self.table))


def figures_of(
    records: Sequence[ImageRecord],
    system: str,
    grades: int,
    group: str = "all",
    options: Options = Options(),
) -> SystemFigures:
    """Return all figures of ``system`` over ``records``.

    ``records`` are one per image, graded or not, of a ``system`` with so many ``grades``; ``group``
    is what they have in common, for the heading. Raises EvaluationError if a grade or a probability
    is impossible.
    """
    readings = Readings.of(records, grades, system)
    bootstrap = PatientBootstrap.of(readings.patients, options.resamples, options.seed)
    table = confusion_table(readings.reference, readings.predicted, grades)
    found = resample(readings, bootstrap, grades)
    figures = {name: one.estimate(options.confidence) for name, one in found.items()}
    return SystemFigures(
        system=system,
        group=group,
        images=len(readings.reference),
        patients=len(np.unique(readings.patients)),
        coverage=_coverage(records),
        figures=figures,
        shares={name: figures[name] for name, one in found.items() if one.formula is not None},
        formulas=by_formula(readings, grades, options.confidence),
        grades=_per_grade(records, readings, bootstrap, options),
        table=tuple(tuple(int(count) for count in row) for row in table),
    )


def _coverage(records: Sequence[ImageRecord]) -> Coverage:
    known = [one for one in records if one.reference is not None]
    graded = sum(one.predicted is not None for one in known)
    extra = sum(one.predicted is not None for one in records) - graded
    return Coverage(len(known), graded, len(known) - graded, extra)


def _per_grade(
    records: Sequence[ImageRecord],
    readings: Readings,
    bootstrap: PatientBootstrap,
    options: Options,
) -> tuple[GradeFigures, ...]:
    grades = readings.probabilities.shape[1]
    table = confusion_table(readings.reference, readings.predicted, grades)
    value = f1(table)
    drawn = f1(bootstrap.tables(readings.reference, readings.predicted, grades))
    right, whose = readings.predicted == readings.reference, readings.patients
    rows = []
    for grade in range(grades):
        not_graded = sum(one.reference == grade and one.predicted is None for one in records)
        of_grade, given = readings.reference == grade, readings.predicted == grade
        patients = bootstrap.carriers(of_grade)
        found = Resampled(float(value[grade]), drawn[:, grade], patients, "share")
        rows.append(
            GradeFigures(
                grade=grade,
                images=int(of_grade.sum()),
                patients=patients,
                not_graded=not_graded,
                recall=clustered_share(right[of_grade], whose[of_grade], options.confidence),
                precision=clustered_share(right[given], whose[given], options.confidence),
                f1=found.estimate(options.confidence),
            )
        )
    return tuple(rows)
