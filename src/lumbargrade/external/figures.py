"""Order and agreement of the grades of a model and the labels of a set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.system_figures import Options, SystemFigures, figures_of
from lumbargrade.external.compare import ComparedLabel
from lumbargrade.external.material import ExternalMaterial, Tell
from lumbargrade.grading.crosswalk import GradeMap
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, Resampled
from lumbargrade.statistics.order import (
    concordance,
    rank_correlation,
    resampled_concordance,
    resampled_correlation,
)
from lumbargrade.statistics.roc import area_under_curve, resampled_areas

ALL_LEVELS = "all levels"


@dataclass(frozen=True)
class MapFigures:
    """One map of the crosswalk over one group of labels.

    Attributes
    ----------
    group : :data:`ALL_LEVELS`, or a level.
    agreement : of the merged grades; its images are labels.
    order : of the model's expected grade, which needs no merging: ``auc_1``, ``auc_2``, ... (at or
        above that grade of the reference), ``spearman``, ``concordance`` and
        ``concordance_within_level``.
    """

    grade_map: GradeMap
    group: str
    agreement: SystemFigures
    order: Mapping[str, Estimate]


@dataclass(frozen=True)
class ExternalEvaluation:
    """The figures of each map and group, and what they are about."""

    material: ExternalMaterial
    figures: tuple[MapFigures, ...]
    options: Options

    def of_group(self, whole: bool) -> list[MapFigures]:
        """Return the figures of all levels together, or those of single levels."""
        return [one for one in self.figures if (one.group == ALL_LEVELS) is whole]


def evaluate_external(
    material: ExternalMaterial, options: Options, tell: Tell = lambda *_: None
) -> ExternalEvaluation:
    """Return all figures; ``tell`` is called with the groups that are done, and all groups.

    Raises EvaluationError if a probability is impossible.
    """
    groups = list(_groups(material))
    figures = []
    for done, (grade_map, group, some) in enumerate(groups, start=1):
        figures.append(map_figures(some, grade_map, group, options))
        tell(done, len(groups))
    return ExternalEvaluation(material, tuple(figures), options)


def map_figures(
    compared: Sequence[ComparedLabel],
    grade_map: GradeMap,
    group: str,
    options: Options,
) -> MapFigures:
    """Return the figures of labels of which at least one is compared.

    ``group`` is what they have in common, for the heading. Raises EvaluationError if a probability
    is impossible.
    """
    records = [one.record for one in compared if one.label.grade is not None]
    grades = len(grade_map.reference.grades)
    return MapFigures(
        grade_map=grade_map,
        group=group,
        agreement=figures_of(records, grade_map.reference.code, grades, group, options),
        order={
            name: one.estimate(options.confidence)
            for name, one in _order([c for c in compared if c.reason is None], grades, options)
        },
    )


def _groups(
    material: ExternalMaterial,
) -> Iterator[tuple[GradeMap, str, Sequence[ComparedLabel]]]:
    for grade_map, compared in zip(material.crosswalk.maps, material.compared, strict=True):
        known = [one for one in compared if one.reason is None]
        if not known:
            continue
        yield grade_map, ALL_LEVELS, compared
        levels = sorted({one.label.level for one in known if one.label.level})
        for level in levels if len(levels) > 1 else ():
            yield grade_map, level, [one for one in compared if one.label.level == level]


def _order(
    compared: Sequence[ComparedLabel], grades: int, options: Options
) -> Iterator[tuple[str, Resampled]]:
    reference = np.array([one.label.grade for one in compared], dtype=np.int64)
    score = np.array([one.expected for one in compared], dtype=np.float64)
    level = np.array([one.label.level for one in compared])
    patients = np.array([one.label.patient for one in compared])
    bootstrap = PatientBootstrap.of(patients, options.resamples, options.seed)
    for lowest in range(1, grades):
        positive = reference >= lowest
        rarer = min(bootstrap.carriers(kind) for kind in (positive, ~positive))
        draws = resampled_areas(positive, score, bootstrap)
        area = float(area_under_curve(positive, score))
        yield f"auc_{lowest}", Resampled(area, draws, rarer, "share")
    apart = bootstrap.carriers(reference != _commonest(reference))
    yield (
        "spearman",
        Resampled(
            float(rank_correlation(reference, score)),
            resampled_correlation(reference, score, bootstrap),
            apart,
            "coefficient",
        ),
    )
    for name, strata in (("concordance", None), ("concordance_within_level", level)):
        draws = resampled_concordance(reference, score, bootstrap, strata)
        yield name, Resampled(concordance(reference, score, strata), draws, apart, "share")


def _commonest(reference: NDArray[np.int64]) -> int:
    return int(np.bincount(reference).argmax())
