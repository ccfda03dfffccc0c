"""Everything that is found out about one set of predictions, in one pass."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.measures.certainty import Certainty, Group, certainty
from lumbargrade.evaluation.measures.comparison import Drop, drops
from lumbargrade.evaluation.measures.graders import (
    Grader,
    GraderAgreement,
    GraderComparison,
    compare_graders,
    graders_agreement,
)
from lumbargrade.evaluation.measures.subgroups import subgroups
from lumbargrade.evaluation.measures.system_figures import Options, SystemFigures, figures_of
from lumbargrade.evaluation.measures.units import by_level, by_patient
from lumbargrade.evaluation.morphometry.measure_figures import MeasureFigures, compare_measurers
from lumbargrade.evaluation.records import ImageRecord, Readings
from lumbargrade.grading.system import DICHOTOMIES, SAGITTAL_SYSTEMS
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL
from lumbargrade.statistics.roc import RocCurve, roc_curve

ALL, ALL_DISCS = "all images", "all discs"
IMAGES, LEVELS, PATIENTS, SUBGROUPS = "images", "levels", "patients", "subgroups"
DISCS = "discs"
UNTIED = "It cannot be verified that the model was trained with this split."
CURVE = "marked"
"""The dichotomy of Figure 8: grades 0-1 against 2-3."""


@dataclass(frozen=True)
class Curve:
    """A ROC curve of Figure 8, with the area of the figures of the same images."""

    system: str
    part: str
    curve: RocCurve
    area: Estimate


@dataclass(frozen=True)
class Evaluation:
    """The results.

    Attributes
    ----------
    material : what they are about.
    parts : which of internal and external test there are, in this order.
    figures : one entry per grading system and group of images: all, or each part where
        there are two: internal and external are never pooled.
    levels, patients : the same by the worst slice of a level, or of a patient.
    discs : the same of discs graded on sagittal series; empty without.
    subgroups : images by sex, age, level, scanner and field strength, within each part.
    drops : external against internal; empty where there is one part.
    curves : ROC curves of each part.
    certainties : by system and part, what the model's own doubt is worth; without those
        where no image has probabilities.
    comparisons, agreements : every two graders against the reference, and against each other;
        empty without graders.
    measures : every two measurers, measure by measure; empty without measurers.
    options : how the intervals were made.
    """

    material: Material
    parts: tuple[str, ...]
    figures: tuple[SystemFigures, ...]
    levels: tuple[SystemFigures, ...]
    patients: tuple[SystemFigures, ...]
    discs: tuple[SystemFigures, ...]
    subgroups: tuple[SystemFigures, ...]
    drops: tuple[Drop, ...]
    curves: tuple[Curve, ...]
    certainties: tuple[Certainty, ...]
    comparisons: tuple[GraderComparison, ...]
    agreements: tuple[GraderAgreement, ...]
    measures: tuple[MeasureFigures, ...]
    options: Options

    def of_part(self, part: str) -> dict[str, SystemFigures]:
        """Return the image figures of one part by grading system; empty if it is not there."""
        return self._of_part(self.figures, part)

    def levels_of_part(self, part: str) -> dict[str, SystemFigures]:
        """Return the level figures of one part by grading system; empty if it is not there."""
        return self._of_part(self.levels, part)

    def _of_part(self, figures: Sequence[SystemFigures], part: str) -> dict[str, SystemFigures]:
        group = part if len(self.parts) == 2 else ALL
        return {one.system: one for one in figures if one.group == group and part in self.parts}


def evaluate_material(
    material: Material, options: Options, tell: Callable[[int, int], None] = lambda *_: None
) -> Evaluation:
    """Return all results.

    ``tell`` is called with the groups of images that are done, and how many there are. Raises
    EvaluationError if a grade or a probability is impossible.
    """
    parts = _parts(material)
    jobs = _jobs(material, parts)
    found: dict[str, list[SystemFigures]] = defaultdict(list)
    curves: list[Curve] = []
    for done, (kind, system, group, some) in enumerate(jobs, start=1):
        figures = figures_of(some, system, _grades(material, system), group, options)
        found[kind].append(figures)
        if kind == IMAGES:
            curves.append(_curve(some, figures, parts[0] if group == ALL else group))
        tell(done, len(jobs) + 1)
    comparisons, agreements = _against_graders(material, parts, options)
    return Evaluation(
        material=material,
        parts=parts,
        figures=tuple(found[IMAGES]),
        levels=tuple(found[LEVELS]),
        patients=tuple(found[PATIENTS]),
        discs=tuple(found[DISCS]),
        subgroups=tuple(found[SUBGROUPS]),
        drops=_drops(material, parts, options),
        curves=tuple(curves),
        certainties=_certainties(material, parts, options),
        comparisons=comparisons,
        agreements=agreements,
        measures=tuple(compare_measurers(material.measurers, material.images, parts, options)),
        options=options,
    )


def _jobs(
    material: Material, parts: Sequence[str]
) -> list[tuple[str, str, str, list[ImageRecord]]]:
    """Each (kind, grading system, group, records) of which figures are wanted."""
    images = {one.image: one for one in material.images}
    levels = {one.image: one.level for one in material.images}
    jobs = []
    for system, records in material.records.items():
        for group, some in _groups(records, parts).items():
            jobs.append((IMAGES, system, group, some))
            jobs.append((LEVELS, system, group, by_level(some, levels)))
            jobs.append((PATIENTS, system, group, by_patient(some)))
            within = "" if group == ALL else f"{group}, "
            split = subgroups(some, images)
            jobs += [(SUBGROUPS, system, f"{within}{name}", each) for name, each in split.items()]
    for system, records in material.discs.items():
        for group, some in _groups(records, parts).items():
            jobs.append((DISCS, system, ALL_DISCS if group == ALL else group, list(some)))
    return jobs


def _grades(material: Material, system: str) -> int:
    """How many grades a system has, of slices or of discs."""
    return material.grades.get(system) or len(SAGITTAL_SYSTEMS[system].grades)


def _parts(material: Material) -> tuple[str, ...]:
    """Which parts are evaluated, in their order."""
    there = {one.part for records in material.records.values() for one in records}
    return tuple(part for part in (INTERNAL, EXTERNAL) if part in there)


def _groups(records: Sequence[ImageRecord], parts: Sequence[str]) -> dict[str, list[ImageRecord]]:
    """All records, or those of each part: a figure of both would be of no population."""
    if len(parts) < 2:
        return {ALL: list(records)}
    return {part: [one for one in records if one.part == part] for part in parts}


def _drops(material: Material, parts: Sequence[str], options: Options) -> tuple[Drop, ...]:
    if len(parts) < 2:
        return ()
    found: list[Drop] = []
    for system, records in material.records.items():
        internal, external = ([one for one in records if one.part == part] for part in parts)
        found += drops(internal, external, system, material.grades[system], options)
    return tuple(found)


def _certainties(
    material: Material, parts: Sequence[str], options: Options
) -> tuple[Certainty, ...]:
    """Of each system, internal first: its cut is then tried on the external set."""
    levels = {one.image: one.level for one in material.images}
    found = []
    for system, records in material.records.items():
        cut = None
        for part in parts:
            inside = [one for one in records if one.part == part]
            group = Group(system, part, material.grades[system], inside, levels)
            if (one := certainty(group, options, cut)) is not None:
                found.append(one)
                cut = one.referral.doubt
    return tuple(found)


def _against_graders(
    material: Material, parts: Sequence[str], options: Options
) -> tuple[tuple[GraderComparison, ...], tuple[GraderAgreement, ...]]:
    if not material.graders:
        return (), ()
    graders = (Grader(material.model, False, material.records), *material.graders)
    comparisons: list[GraderComparison] = []
    agreements: list[GraderAgreement] = []
    for system, grades in material.grades.items():
        for part in parts:
            inside = [one.of_part(part) for one in graders]
            comparisons += compare_graders(inside, system, grades, part, options)
            if (one := graders_agreement(inside, system, grades, part, options)) is not None:
                agreements.append(one)
    return tuple(comparisons), tuple(agreements)


def _curve(records: Sequence[ImageRecord], figures: SystemFigures, part: str) -> Curve:
    readings = Readings.of(records, len(figures.table), figures.system)
    lowest, area = DICHOTOMIES[CURVE], figures.figures[f"auc_{CURVE}"]
    if math.isfinite(area.value):
        score = readings.probabilities[:, lowest:].sum(1)
        curve = roc_curve(readings.reference >= lowest, score)
    else:  # one class only, or a reader, who gives no probabilities
        nothing = np.full(1, np.nan)
        curve = RocCurve(nothing, nothing, nothing)
    return Curve(figures.system, part, curve, area)
