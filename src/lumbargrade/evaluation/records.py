"""What is compared: one reference grade and one prediction per image, or the lack of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL

SUM_TOLERANCE = 0.01
"""How far the probabilities of an image may be from summing to 1."""


@dataclass(frozen=True)
class ImageRecord:
    """One image in one grading system.

    Attributes
    ----------
    image : SOP Instance UID, for messages.
    patient, scanner : whose image, and from where.
    external : from a scanner that no training has seen.
    reference : the true grade, or None where there is none.
    predicted : the grade that was given, or None where the image was not graded.
    probabilities : one per grade; empty where the image was not graded, or where a reader
        graded it, who gives none.
    untempered : the same before the model's temperature; empty where that is not known.
    grade_set : the set that was given, neighbouring grades; empty where there is none.
    """

    image: str
    patient: str
    scanner: str
    external: bool
    reference: int | None
    predicted: int | None
    probabilities: tuple[float, ...] = ()
    untempered: tuple[float, ...] = ()
    grade_set: tuple[int, ...] = ()

    @property
    def part(self) -> str:
        """The part of the test to which the image belongs."""
        return EXTERNAL if self.external else INTERNAL


@dataclass(frozen=True)
class Readings:
    """The images that have both a reference and a prediction, as arrays.

    Attributes
    ----------
    reference, predicted : (n,) grades 0..q-1.
    probabilities : (n, q); NaN where a reader gave grades only.
    patients : (n,) patient identifiers.
    """

    reference: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    patients: NDArray[np.str_]

    @classmethod
    def of(cls, records: Sequence[ImageRecord], grades: int, system: str) -> Readings:
        """Keep the records that can be compared, and check each of them.

        Raises EvaluationError on a grade outside 0..q-1, a NaN, probabilities that do not sum to 1
        or that only some images have; the message names the image.
        """
        both = [one for one in records if one.reference is not None and one.predicted is not None]
        for record in both:
            _check(record, grades, system)
        return cls(
            np.array([one.reference for one in both], dtype=np.int64),
            np.array([one.predicted for one in both], dtype=np.int64),
            _probabilities(both, grades, system),
            np.array([one.patient for one in both], dtype=np.str_),
        )


def _check(record: ImageRecord, grades: int, system: str) -> None:
    where = f"{system} of image {record.image}"
    for name, grade in (("reference", record.reference), ("predicted", record.predicted)):
        if grade not in range(grades):
            raise EvaluationError(
                f"{where}: {name} grade {grade} is unknown: grades go from 0 to {grades - 1}"
            )
    if not record.probabilities:
        return
    found = record.probabilities
    if len(found) != grades:
        raise EvaluationError(f"{where}: {len(found)} probabilities for {grades} grades")
    # Written so that NaN, for which every comparison is false, is refused too.
    if not (min(found) >= 0 and abs(sum(found) - 1) <= SUM_TOLERANCE):
        raise EvaluationError(
            f"{where}: {[float(value) for value in found]} are not probabilities that sum to 1: "
            "grade the study again"
        )


def _probabilities(records: Sequence[ImageRecord], grades: int, system: str) -> NDArray[np.float64]:
    """Return (n, q), all NaN for a reader; half a reader is a file that lost something."""
    without = [one for one in records if not one.probabilities]
    if without and len(without) < len(records):
        raise EvaluationError(
            f"{system} of image {without[0].image}: no probabilities, as for {len(without)} of "
            f"{len(records)} graded images: give them for all images or for none"
        )
    if without:
        return np.full((len(records), grades), np.nan)
    return np.array([one.probabilities for one in records], dtype=np.float64).reshape(-1, grades)
