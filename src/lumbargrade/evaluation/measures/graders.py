"""Other graders of the same images, models or readers: every two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lumbargrade.evaluation.measures.comparison import Comparison, compare
from lumbargrade.evaluation.measures.readers import (
    Beside,
    ReaderAgreement,
    beside_readers,
    pairwise,
)
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix


@dataclass(frozen=True)
class Grader:
    """A model, or a reader.

    Attributes
    ----------
    name : what it is called; no two alike.
    reader : a person, who gives no probabilities.
    records : grading system -> one record for each image that is evaluated, graded or not.
        A system of which the grader graded nothing is not there.
    """

    name: str
    reader: bool
    records: Mapping[str, Sequence[ImageRecord]]

    def of_part(self, part: str) -> Grader:
        """Return the grader of the images of one part."""
        inside = {
            system: [one for one in some if one.part == part]
            for system, some in self.records.items()
        }
        return Grader(self.name, self.reader, inside)


@dataclass(frozen=True)
class GraderComparison:
    """Two graders against the reference, on the images of one part that both graded."""

    first: str
    second: str
    part: str
    comparison: Comparison


@dataclass(frozen=True)
class GraderAgreement:
    """How well the graders of one system and part agree with each other.

    ``pairs`` are every two who have images in common. ``beside`` is model against readers, beside
    readers against each other; empty for fewer than two readers.
    """

    system: str
    part: str
    pairs: tuple[ReaderAgreement, ...]
    beside: tuple[Beside, ...]


def compare_graders(
    graders: Sequence[Grader], system: str, grades: int, part: str, options: Options
) -> list[GraderComparison]:
    """Return the comparison of every two graders who graded images of ``system`` in common.

    The evaluated model comes first; all images are of one ``part`` of the patients. Raises
    EvaluationError if two graders are not of the same images, or a grade or a probability is
    impossible.
    """
    found = []
    for first, second in combinations([one for one in graders if system in one.records], 2):
        sides = first.records[system], second.records[system]
        compared = compare(*sides, system, grades, options)
        if compared.images:
            found.append(GraderComparison(first.name, second.name, part, compared))
    return found


def graders_agreement(
    graders: Sequence[Grader], system: str, grades: int, part: str, options: Options
) -> GraderAgreement | None:
    """Return how well the graders agree with each other; None where no two can."""
    there = [one for one in graders if system in one.records]
    if len(there) < 2:
        return None
    pairs = tuple(pair for pair in pairwise(_matrix(there, system, grades), options) if pair.images)
    if not pairs:
        return None
    model = there[0].name
    compared = {model, *(one.name for one in there if one.reader)}
    peers = [pair for pair in pairs if compared.issuperset(pair.readers)]
    complete = len(peers) == len(compared) * (len(compared) - 1) // 2
    beside = beside_readers(peers, model, options) if complete and len(compared) > 2 else ()
    return GraderAgreement(system, part, pairs, beside)


def _matrix(graders: Sequence[Grader], system: str, grades: int) -> ReadingsMatrix:
    given = [{one.image: one.predicted for one in grader.records[system]} for grader in graders]
    whose = {one.image: one.patient for one in graders[0].records[system]}
    ratings = [[_rating(column.get(image)) for column in given] for image in whose]
    return ReadingsMatrix(
        tuple(one.name for one in graders),
        np.array(ratings, dtype=np.int64).reshape(-1, len(graders)),
        np.array(list(whose.values()), dtype=np.str_),
        grades,
    )


def _rating(grade: int | None) -> int:
    return MISSING if grade is None else grade
