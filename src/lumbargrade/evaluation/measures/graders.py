"""Other graders of the same images, models or readers: every two of them side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from lumbargrade.statistics.many_raters import MISSING
from lumbargrade.statistics.readings_matrix import ReadingsMatrix


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


@dataclass(frozen=True)
class Contest:
    """Two graders against the reference, on the images of one part that both graded."""

    first: str
    second: str
    part: str
    comparison: Comparison


@dataclass(frozen=True)
class Companions:
    """How well the graders of one system and part agree with each other.

    Attributes
    ----------
    pairs : of every two graders who have images in common.
    beside : model against readers, beside readers against each other; empty for fewer
        than two readers.
    """

    system: str
    part: str
    pairs: tuple[ReaderAgreement, ...]
    beside: tuple[Beside, ...]


def contests(
    graders: Sequence[Grader],
    system: str,
    grades: int,
    kept: tuple[str, Callable[[ImageRecord], bool]],
    options: Options,
) -> list[Contest]:
    """Return the comparison of every two graders who graded images of ``system`` in common.

    Parameters
    ----------
    graders : the evaluated model first.
    system, grades : its code, and how many grades it has.
    kept : name of the part, and whether a record is in it.

    Raises
    ------
    EvaluationError
        If two graders are not of the same images, or a grade or a probability is impossible.
    """
    part, inside = kept
    found = []
    for first, second in combinations([one for one in graders if system in one.records], 2):
        sides = [[one for one in side.records[system] if inside(one)] for side in (first, second)]
        compared = compare(sides[0], sides[1], system, grades, options)
        if compared.images:
            found.append(Contest(first.name, second.name, part, compared))
    return found


def companions(
    graders: Sequence[Grader],
    system: str,
    grades: int,
    kept: tuple[str, Callable[[ImageRecord], bool]],
    options: Options,
) -> Companions | None:
    """Return how well the graders agree with each other; None where no two can.

    Parameters
    ----------
    graders, system, grades, kept : as for :func:`contests`.
    """
    part, inside = kept
    there = [one for one in graders if system in one.records]
    if len(there) < 2:
        return None
    pairs = tuple(
        pair for pair in pairwise(_matrix(there, system, grades, inside), options) if pair.images
    )
    if not pairs:
        return None
    model = there[0].name
    people = {model, *(one.name for one in there if one.reader)}
    peers = [pair for pair in pairs if people.issuperset(pair.readers)]
    complete = len(peers) == len(people) * (len(people) - 1) // 2
    beside = beside_readers(peers, model, options) if complete and len(people) > 2 else ()
    return Companions(system, part, pairs, beside)


def _matrix(
    graders: Sequence[Grader], system: str, grades: int, inside: Callable[[ImageRecord], bool]
) -> ReadingsMatrix:
    given = [
        {one.image: one.predicted for one in grader.records[system] if inside(one)}
        for grader in graders
    ]
    whose = {one.image: one.patient for one in graders[0].records[system] if inside(one)}
    ratings = [[_rating(column.get(image)) for column in given] for image in whose]
    return ReadingsMatrix(
        tuple(one.name for one in graders),
        np.array(ratings, dtype=np.int64).reshape(-1, len(graders)),
        np.array(list(whose.values()), dtype=np.str_),
        grades,
    )


def _rating(grade: int | None) -> int:
    return MISSING if grade is None else grade
