"""``areas``: the area under the ROC curve at each dichotomy, with readers as random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.assisted import CHANGE
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.noninferiority import DIFFERENCE
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure, Study
from lumbargrade.evaluation.reader_studies.table import StudyTable
from lumbargrade.grading.system import written_cut
from lumbargrade.readings.occasion import Arm
from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.bootstrap import Scale
from lumbargrade.statistics.reader_studies.obuchowski_rockette import TwoWays, two_ways
from lumbargrade.statistics.reader_studies.over_readers import left_out_covariance, over_readers
from lumbargrade.statistics.roc import area_under_curve

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

NUMBERS_AT_ONCE = 4_000_000
"""Weights (patients x images) held at a time: 32 MB."""


def areas(inputs: Inputs, confidence: float = 0.95) -> Study:
    """Return the areas of readers in each arm and of the model, and their differences.

    The score is the grade itself. Raises EvaluationError if no image was graded by reference and
    reader, or no dichotomy has images on both sides.
    """
    figures: list[Figure] = []
    details: dict[str, dict[str, TwoWays]] = {}
    for table in inputs.tables:
        for cut in range(1, table.grades):
            found = _Cut(table, table.first(inputs.reference), cut, confidence)
            rows, test = found.figures(inputs)
            figures += rows
            if test is not None:
                details.setdefault(table.system, {})[found.name] = test
    if not figures:
        raise EvaluationError(
            f"{inputs.reference}: no dichotomy has images of readers on both sides: give the "
            "reference of images of several grades"
        )
    settings = {"reference": inputs.reference, "model": inputs.model or None}
    return Study("areas", settings, tuple(figures), (), inputs.notes, (), details)


@dataclass(frozen=True)
class _Cut:
    """One dichotomy of one system: from grade ``cut`` upward is positive."""

    table: StudyTable
    reference: Integers
    cut: int
    confidence: float

    @property
    def name(self) -> str:
        return f"area {written_cut(self.table.system, self.cut, self.table.grades)}"

    def figures(self, inputs: Inputs) -> tuple[list[Figure], TwoWays | None]:
        """Return the rows, and the test of both arms where two readers have both."""
        rows: list[Figure] = []
        of_arm: dict[Arm, dict[str, Floats]] = {}
        for arm in Arm:
            grades = {name: self.table.first(name, arm) for name in inputs.readers}
            found = {name: self.area(one, one) for name, one in grades.items()}
            of_arm[arm] = {name: one for name, one in found.items() if np.isfinite(one[0])}
            used = [grades[name] for name in of_arm[arm]]
            for name, one in of_arm[arm].items():
                rows += self.rows([one], [grades[name]], f"{name}, {arm.value}")[:1]
            rows += self.rows(list(of_arm[arm].values()), used, f"readers, {arm.value}")
        test = None
        both = [name for name in of_arm[Arm.PLAIN] if name in of_arm[Arm.ASSISTED]]
        if both:
            pair = [[of_arm[arm][name] for name in both] for arm in Arm]
            change = [second - first for first, second in zip(*pair, strict=True)]
            used = [self.table.first(name, arm) for name in both for arm in Arm]
            rows += self.rows(change, used, CHANGE, "plain")
            sure = np.isfinite(rows[-1].estimate.low)
            test = _test(np.array(pair)) if len(both) > 1 and sure else None
        return rows + self.beside_model(inputs), test

    def beside_model(self, inputs: Inputs) -> list[Figure]:
        """Return the model's area and its difference from the readers', on the same images."""
        if not inputs.model:
            return []
        model = self.table.first(inputs.model)
        grades = [self.table.first(name) for name in inputs.readers]
        some = [np.where(one == MISSING, MISSING, model) for one in grades]
        own = [self.area(one, mask) for one, mask in zip(grades, some, strict=True)]
        models = [self.area(one, mask) for one, mask in zip(some, grades, strict=True)]
        kept = [place for place, one in enumerate(models) if np.isfinite(one[0] + own[place][0])]
        if not kept:
            return []
        used = [some[place] for place in kept]
        rows = self.rows([models[place] for place in kept], used, inputs.model)[:1]
        rows = [replace(row, about="") for row in rows]
        apart = [models[place] - own[place] for place in kept]
        return rows + self.rows(apart, used, DIFFERENCE, "plain")

    def which(self, grades: Integers) -> Booleans:
        return np.asarray((grades != MISSING) & (self.reference != MISSING))

    def area(self, grades: Integers, also: Integers) -> Floats:
        """Return the area (1 + P,): as a whole, then without each patient of the table."""
        which = self.which(grades) & (also != MISSING)
        names, index = np.unique(self.table.patients, return_inverse=True)
        found = np.full(1 + len(names), np.nan)
        positive = self.reference[which] >= self.cut
        if positive.all() or not positive.any():
            return found
        score = grades[which].astype(np.float64)
        found[:] = float(area_under_curve(positive, score))
        patient = index[which]
        there = np.unique(patient)
        step = max(1, NUMBERS_AT_ONCE // len(score))
        for start in range(0, len(there), step):
            some = there[start : start + step]
            kept = (patient[None, :] != some[:, None]).astype(np.float64)
            found[1 + some] = area_under_curve(positive, score, kept)
        return found

    def rows(
        self, areas_: Sequence[Floats], used: Sequence[Integers], of: str, scale: Scale = "share"
    ) -> list[Figure]:
        """Return the mean over readers, about these and about readers like these."""
        if not areas_:
            return []
        which = np.any([self.which(one) for one in used], axis=0)
        patients, positive = self.table.patients, self.reference >= self.cut
        rarer = min(len(np.unique(patients[which & kind])) for kind in (positive, ~positive))
        _, index = np.unique(patients, return_inverse=True)
        found = np.array(areas_)
        mean = over_readers(found[:, 0], found[:, 1 + np.unique(index[which])].T)
        counted = int(which.sum()), len(np.unique(patients[which])), len(areas_)
        both = {
            THESE: mean.these(rarer, scale, self.confidence),
            LIKE_THESE: mean.like_these(rarer, scale, self.confidence),
        }
        one = len(areas_) == 1
        return [
            Figure(self.table.system, self.name, of, "" if one else about, estimate, *counted)
            for about, estimate in both.items()
            if not one or about == THESE
        ]


def _test(pair: Floats) -> TwoWays:
    """Compare two arms from the areas (2, r, 1 + P)."""
    readers = pair.shape[1]
    without = pair[:, :, 1:].reshape(2 * readers, -1).T
    covariance = left_out_covariance(without).reshape(2, readers, 2, readers)
    return two_ways(pair[:, :, 0], covariance)
