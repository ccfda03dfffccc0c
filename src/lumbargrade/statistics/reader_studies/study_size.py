"""How many patients, and readers, a study needs, from what a pilot showed.

A pilot tells how much a figure varies from reader to reader, and how much over patients: of one
reader alone, and in common of two. The first shrinks with readers, the second with readers and
patients, the third with patients alone. So there is a number of readers below which no number of
patients suffices. A small pilot tells all three badly: take the result as an order of magnitude,
and look at what a somewhat larger variance would need.

Sources: Hillis, Obuchowski and Berbaum, Acad Radiol 2011;18:129 (parts of the variance scaled to
another number of readers and patients); Cantor, Psychol Methods 1996;1:150, and Flack, Afifi,
Lachenbruch and Schouten, Psychometrika 1988;53:321 (a test of one coefficient, :func:`for_test`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.special import ndtri, stdtrit

from lumbargrade.statistics.patients import ENOUGH_PATIENTS
from lumbargrade.statistics.reader_studies.over_readers import OverReaders

MOST_PATIENTS = 100_000
"""Beyond this no study is planned: more readers are needed."""


@dataclass(frozen=True)
class Pilot:
    """Parts of the variance of a figure, in a pilot of so many patients.

    Attributes
    ----------
    of_readers : variance between readers that more patients do not reduce.
    alone : variance over the pilot's patients of one reader's figure that others do not share.
    shared : what two readers have in common, over the pilot's patients.
    """

    patients: int
    of_readers: float
    alone: float
    shared: float

    @classmethod
    def of(cls, found: OverReaders, patients: int, random_readers: bool = True) -> Pilot:
        """Take the parts of a mean over two readers or more.

        Of readers who are not random (the same ones will read the study) none varies.
        """
        shared = max(found.covariance, 0.0)
        alone = max(found.variance - shared, 0.0)
        between = max(found.mean_square - alone, 0.0) if random_readers else 0.0
        return cls(patients, between, alone, shared)

    def error(self, patients: int, readers: int) -> float:
        """Return the standard error of a mean over so many readers and patients."""
        scale = self.patients / patients
        own = (self.of_readers + self.alone * scale) / readers
        return math.sqrt(own + self.shared * scale)

    def freedom(self, patients: int, readers: int) -> float:
        """Return its degrees of freedom: Hillis's where readers vary, at most one a patient."""
        most = float(patients - 1)
        if not self.of_readers > 0:
            return most
        scale = self.patients / patients
        square = self.of_readers + self.alone * scale
        spread = square + readers * self.shared * scale
        return min(spread**2 / (square**2 / (readers - 1)), most) if readers > 1 else 0.0


@dataclass(frozen=True)
class Wish:
    """What a study must be able to do.

    Attributes
    ----------
    width : of the whole interval, where it is wanted; NaN otherwise.
    margin : of non-inferiority, where it is wanted; NaN otherwise.
    expected : the true difference that is expected (model less readers), for a margin.
    power : the chance to show non-inferiority, for a margin.
    confidence : of the interval; the bound of a margin is one end of it.
    """

    width: float = math.nan
    margin: float = math.nan
    expected: float = 0.0
    power: float = 0.8
    confidence: float = 0.95

    def granted(self, error: float, freedom: float) -> bool:
        """Whether a study with this error grants it."""
        if freedom < 1:
            return False
        reach = float(stdtrit(freedom, (1 + self.confidence) / 2))
        if math.isfinite(self.width):
            return 2 * reach * error <= self.width
        return self.margin + self.expected >= (reach + float(stdtrit(freedom, self.power))) * error


def patients_needed(pilot: Pilot, readers: int, wish: Wish) -> int | None:
    """Return the smallest number of patients; None where no number grants the wish.

    The error is measured on the plain scale, so a width of a coefficient near 1 comes out a little
    too large.
    """

    def enough(patients: int) -> bool:
        return wish.granted(pilot.error(patients, readers), pilot.freedom(patients, readers))

    return smallest(enough, ENOUGH_PATIENTS, MOST_PATIENTS)


def smallest(enough: Callable[[int], bool], low: int, high: int) -> int | None:
    """Return the smallest number that is enough, if more is never less; None if ``high`` is not.

    Examples
    --------
    >>> smallest(lambda number: number >= 37, 10, 100)
    37
    """
    if enough(low):
        return low
    if not enough(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def for_test(spread_null: float, spread_true: float, apart: float, power: float = 0.8) -> int:
    """Return how many independent images a one-sided test of 5 % needs.

    Parameters
    ----------
    spread_null, spread_true : standard error of one image (error times the square root of the
        images) at the coefficient that is to be excluded, and at the true one.
    apart : the distance of the two.
    power : chance to exclude the first if the second is true.
    """
    reach = float(ndtri(0.95)) * spread_null + float(ndtri(power)) * spread_true
    return math.ceil((reach / apart) ** 2 - 1e-9)
