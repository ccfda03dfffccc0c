"""What several readers gave the same images, a model among them or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.statistics.agreement.many_raters import MISSING


@dataclass(frozen=True)
class ReadingsMatrix:
    """What several readers gave the same images in one grading system.

    Attributes
    ----------
    readers : r names.
    ratings : (n, r) grades 0..q-1, ``MISSING`` where a reader gave none.
    patients : (n,) each image's patient.
    grades : q, how many grades the system has, given or not.

    Raises
    ------
    EvaluationError
        For fewer than two readers, shapes that do not fit, or a grade that is unknown.
    """

    readers: tuple[str, ...]
    ratings: NDArray[np.int64]
    patients: NDArray[np.str_]
    grades: int

    def __post_init__(self) -> None:
        if len(set(self.readers)) < 2 or len(set(self.readers)) < len(self.readers):
            raise EvaluationError(
                f"readers {', '.join(self.readers) or 'none'}: agreement needs two or more, "
                "each with a name of their own"
            )
        if self.ratings.shape != (len(self.patients), len(self.readers)):
            raise EvaluationError(
                f"ratings of shape {self.ratings.shape} do not fit {len(self.patients)} images "
                f"and {len(self.readers)} readers: give one row an image, one column a reader"
            )
        wrong = (self.ratings != MISSING) & ((self.ratings < 0) | (self.ratings >= self.grades))
        if wrong.any():
            image, reader = (int(index) for index in np.argwhere(wrong)[0])
            raise EvaluationError(
                f"reader {self.readers[reader]}, image number {image}: grade "
                f"{self.ratings[image, reader]} is unknown: grades go from 0 to {self.grades - 1}"
            )
