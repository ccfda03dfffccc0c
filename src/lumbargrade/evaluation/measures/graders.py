"""Other graders of the same images, models or readers: every two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations

import numpy as np

from lumbargrade.evaluation.measures.beside import BesideReaders, beside_readers
from lumbargrade.evaluation.measures.comparison import Comparison, compare
from lumbargrade.evaluation.measures.readers import ReaderAgreement, pairwise
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix


class MadeReference(StrEnum):
    """Whether a reader's own grades are in the reference that they are compared with."""

    HELPED = "helped make the reference"
    OTHERS = "did not make the reference"
    UNKNOWN = "not known whether they made the reference"


@dataclass(frozen=True)
class Grader:
    """A model, or a reader.

    Attributes
    ----------
    name : what it is called; no two alike.
    reader : a person, who gives no probabilities.
    records : grading system -> one record for each image that is evaluated, graded or not.
        A system of which the grader graded nothing is not there.
    made_reference : of a reader, part -> whether their grades are in its reference; a part that
        is not there is not known.
    """

    name: str
    reader: bool
    records: Mapping[str, Sequence[ImageRecord]]
    made_reference: Mapping[str, MadeReference] = field(default_factory=dict)

    def of_part(self, part: str) -> Grader:
        """Return the grader of the images of one part."""
        inside = {
            system: [one for one in some if one.part == part]
            for system, some in self.records.items()
        }
        return replace(self, records=inside)

    def made(self, part: str) -> MadeReference | None:
        """Return whether the reader made the reference of a part; None of a model."""
        return self.made_reference.get(part, MadeReference.UNKNOWN) if self.reader else None


@dataclass(frozen=True)
class GraderComparison:
    """Two graders against the reference, on the images of one part that both graded.

    ``made`` is whether each of the two made that reference; None of a model.
    """

    first: str
    second: str
    part: str
    comparison: Comparison
    made: tuple[MadeReference | None, MadeReference | None]


@dataclass(frozen=True)
class GraderAgreement:
    """How well the graders of one system and part agree with each other.

    ``pairs`` are every two who have images in common. ``beside`` is the model against readers
    beside these against each other; empty where no two readers graded an image of the model.
    """

    system: str
    part: str
    pairs: tuple[ReaderAgreement, ...]
    beside: tuple[BesideReaders, ...]


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
            made = first.made(part), second.made(part)
            found.append(GraderComparison(first.name, second.name, part, compared, made))
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
    peers = [there[0], *(one for one in there[1:] if one.reader)]
    beside = (
        beside_readers(_matrix(peers, system, grades), there[0].name, options)
        if len(peers) > 2
        else ()
    )
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
