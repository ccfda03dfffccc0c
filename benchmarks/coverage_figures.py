"""Every figure with an interval that ``evaluate`` and ``agreement`` print, of one cohort."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.coverage_cohorts import GRADES, Cohort
from lumbargrade.evaluation.measures.beside import beside_readers
from lumbargrade.evaluation.measures.certainty import Group, certainty
from lumbargrade.evaluation.measures.comparison import COMPARED, compare, drops
from lumbargrade.evaluation.measures.readers import overall, pairwise
from lumbargrade.evaluation.measures.system_figures import Options, figures_of
from lumbargrade.evaluation.morphometry.measure_figures import FIGURES
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix
from lumbargrade.statistics.bland_altman import agreement
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap
from lumbargrade.statistics.intraclass import resampled_agreement

SYSTEM = "LDH"
CUT = 0.35
"""Doubt above which a reader is asked, as if chosen on other patients."""
INDEPENDENT = "independent"
"""Ends the name of an interval that takes images as independent, as papers print it."""

Named = Iterator[tuple[str, Estimate]]


def estimates(cohort: Cohort, other: Cohort, options: Options) -> dict[str, Estimate]:
    """Return every figure by its name; ``other`` has patients of its own (an external set)."""
    return {
        name: found
        for family in (
            _images(cohort, options),
            _doubt(cohort, options),
            _two(cohort, other, options),
            _readers(cohort, options),
            _measures(cohort, options),
        )
        for name, found in family
    }


def _images(cohort: Cohort, options: Options) -> Named:
    found = figures_of(cohort.first, SYSTEM, GRADES, "all", options)
    yield from found.figures.items()
    for name, both in found.formulas.items():
        yield f"{name}, clustered", both.clustered
        yield f"{name}, {INDEPENDENT}", both.independent
    for row in found.grades:
        for name in ("recall", "precision", "f1"):
            yield f"{name} of grade {row.grade}", getattr(row, name)


def _doubt(cohort: Cohort, options: Options) -> Named:
    found = certainty(Group(SYSTEM, "all", GRADES, cohort.first, {}), options, CUT)
    assert found is not None
    assert found.elsewhere is not None
    assert found.by_set is not None
    yield "Brier score", found.after.brier
    yield "asked by a cut", found.elsewhere.asked
    yield "error of those not asked by a cut", found.elsewhere.error
    yield "error of those not asked by the set", found.by_set.error
    for row in found.sets:
        yield f"set coverage by patient, {row.group}", row.by_patient
        yield f"set coverage by image, {row.group}", row.by_image
        yield f"asked by the set, {row.group}", row.asked


def _two(cohort: Cohort, other: Cohort, options: Options) -> Named:
    paired = compare(cohort.first, cohort.second, SYSTEM, GRADES, options)
    for name in COMPARED:
        yield f"two models, {name}", paired.figures[name].difference
    for drop in drops(cohort.first, other.first, SYSTEM, GRADES, options):
        yield f"external drop, {drop.figure}", drop.difference


def _readers(cohort: Cohort, options: Options) -> Named:
    names = ("model", "reader 1", "reader 2")
    matrix = ReadingsMatrix(names, cohort.ratings, cohort.patients, GRADES)
    pairs = pairwise(matrix, options)
    for kind, part in (("two readers", pairs[-1]), ("all readers", overall(matrix, options))):
        for row in part.coefficients:
            yield f"{kind}, {row.name}, clustered", row.clustered
            yield f"{kind}, {row.name}, resampled", row.bootstrap
    (beside,) = beside_readers(matrix, "model", options)
    for side in beside.rows:
        yield f"model less readers, {side.name}", side.difference


def _measures(cohort: Cohort, options: Options) -> Named:
    bootstrap = PatientBootstrap.of(cohort.patients, options.resamples, options.seed)
    apart = agreement(np.subtract(*cohort.measures.T), bootstrap)
    alike = resampled_agreement(cohort.measures, bootstrap)
    found = (apart.bias, apart.lower, apart.upper, apart.median_distance, alike)
    for name, one in zip(FIGURES, found, strict=True):
        yield f"measures, {name}", one.estimate(options.confidence)
