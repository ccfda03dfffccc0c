"""One line of Tables 3 and 4 of Su et al. 2022, from any table of counts.

The article does not state its conventions. These reproduce what it prints: precision
and F1 are averages over grades weighed by how often a grade is the reference; the
accuracy is of four classes; sensitivity and specificity are of grade 0 against 1-3; k is
Gwet's AC1 with images taken as independent, which makes its interval too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics import accuracy
from lumbargrade.statistics.agreement.two_raters import gwet, gwet_pull, table_error
from lumbargrade.statistics.bootstrap import student_interval

PERCENT_DIGITS, K_DIGITS = 1, 2
"""Decimals that the article prints."""


@dataclass(frozen=True)
class PaperRow:
    """One grading system in the article's form, in percent but for k, which is Gwet's AC1.

    ``per_grade`` is (precision, F1) of each grade.
    """

    precision: float
    f1: float
    accuracy: float
    sensitivity: float
    specificity: float
    k: float
    per_grade: tuple[tuple[float, float], ...]

    def cells(self) -> Mapping[str, float]:
        """Return every cell by its name, such as ``"precision of grade 2"``."""
        named = asdict(self)
        del named["per_grade"]
        for grade, (exact, both) in enumerate(self.per_grade):
            named[f"precision of grade {grade}"] = exact
            named[f"f1 of grade {grade}"] = both
        return named


def paper_row(table: NDArray[np.int64]) -> PaperRow:
    """Return the line of a table of counts (q, q), rows = reference; NaN where undefined."""
    exact, both, lowest = accuracy.precision(table), accuracy.f1(table), DICHOTOMIES["any"]
    return PaperRow(
        precision=100 * float(accuracy.weighted(exact, table)),
        f1=100 * float(accuracy.weighted(both, table)),
        accuracy=100 * float(accuracy.accuracy(table)),
        sensitivity=100 * float(accuracy.sensitivity(table, lowest)),
        specificity=100 * float(accuracy.specificity(table, lowest)),
        k=float(gwet(table)),
        per_grade=tuple(
            (100 * float(one), 100 * float(other)) for one, other in zip(exact, both, strict=True)
        ),
    )


def independent_interval(table: NDArray[np.int64], confidence: float = 0.95) -> tuple[float, float]:
    """Return the article's interval of k: Gwet's, as if no two images were of one patient."""
    error = float(table_error(table, gwet_pull(table)))
    return student_interval(float(gwet(table)), error, int(table.sum()), confidence)


def prints_as(value: float, printed: float, digits: int) -> bool:
    """Return whether ``value`` rounds to what is printed; an exact half may go either way.

    Examples
    --------
    >>> prints_as(11.25, 11.2, 1), prints_as(9.26, 9.1, 1)
    (True, False)
    """
    return bool(abs(value - printed) <= 0.5 * 10.0**-digits + 1e-9)
