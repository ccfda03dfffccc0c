"""A mean over readers, and how sure it is: of these readers, and of readers like these.

Each reader has one figure (an agreement, an area, a difference, a logarithm of seconds), all from
the same patients. Two questions have two answers. *These readers* on other patients: only patients
vary. *Readers like these* on other patients: readers vary too, which is what a reader may expect
who was not in the study; it needs several readers.

The second is the method of Obuchowski and Rockette for one figure a reader: with r readers, the
mean square MS of their figures, and the mean covariance Cov of two readers' figures (from the
patients they share), the variance of the mean is (MS + r max(Cov, 0)) / r, and Student's quantile
has (MS + r max(Cov, 0))^2 / (MS^2 / (r - 1)) degrees of freedom (Hillis). Of differences between
two treatments it is their test of two treatments (``obuchowski_rockette``).

Sources: Obuchowski and Rockette, Commun Stat Simul Comput 1995;24:285; Hillis, Stat Med
2007;26:596 (degrees of freedom); Hillis, Stat Med 2014;33:330 (one treatment); Efron, The
Jackknife, the Bootstrap and Other Resampling Plans, 1982 (covariances).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.bootstrap import (
    Estimate,
    Scale,
    left_out,
    patient_interval,
    without_interval,
)

Floats = NDArray[np.float64]

FEWEST_READERS = 3
"""Who tell something about other readers. Of two, the interval held the truth in 88 % only
(``benchmarks/reader_studies.py``): their spread is known with one degree of freedom."""


@dataclass(frozen=True)
class OverReaders:
    """A mean over r readers with its parts.

    Attributes
    ----------
    value : mean over readers.
    readers : r.
    mean_square : variance of the readers' figures about their mean; NaN for one reader.
    variance : mean variance of a reader's figure, over patients.
    covariance : mean covariance of two readers' figures, over patients; NaN for one reader.
    patients_freedom : degrees of freedom of the error over patients (``bootstrap.left_out``).
    """

    value: float
    readers: int
    mean_square: float
    variance: float
    covariance: float
    patients_freedom: float = math.inf

    @property
    def these_error(self) -> float:
        """Standard error of the mean of these readers, over patients."""
        if self.readers < 2:
            return math.sqrt(max(self.variance, 0.0))
        shared = (self.readers - 1) * self.covariance
        return math.sqrt(max((self.variance + shared) / self.readers, 0.0))

    @property
    def like_these_error(self) -> float:
        """Standard error of the mean of readers like these, over readers and patients.

        As published; it may by chance be smaller than :attr:`these_error`.
        """
        return math.sqrt(self._spread / self.readers)

    @property
    def like_these_freedom(self) -> float:
        """Hillis's degrees of freedom; infinite where all readers have the same figure."""
        if not self.mean_square > 0:
            return math.inf
        return self._spread**2 / (self.mean_square**2 / (self.readers - 1))

    @property
    def _spread(self) -> float:
        return self.mean_square + self.readers * max(self.covariance, 0.0)

    def these(self, carriers: int, scale: Scale = "plain", confidence: float = 0.95) -> Estimate:
        """Return the mean with the interval for these readers on other patients.

        ``carriers`` are the patients who carry the figure; see ``bootstrap.patient_interval``.
        """
        return patient_interval(
            self.value, self.these_error, carriers, scale, confidence, self.patients_freedom
        )

    def like_these(
        self, carriers: int, scale: Scale = "plain", confidence: float = 0.95
    ) -> Estimate:
        """Return the mean with the interval for readers like these on other patients.

        Its error is never taken smaller than that of these readers. There is none for fewer than
        :data:`FEWEST_READERS`.
        """
        if self.readers < FEWEST_READERS:
            return without_interval(self.value, few_readers(self.readers))
        error = max(self.like_these_error, self.these_error)
        freedom = self.like_these_freedom
        return patient_interval(self.value, error, carriers, scale, confidence, freedom)


def few_readers(readers: int) -> str:
    """Return why so many readers say nothing about others, in a few words.

    Examples
    --------
    >>> few_readers(2)
    '2 readers, 3 needed'
    """
    return f"{readers} reader{'' if readers == 1 else 's'}, {FEWEST_READERS} needed"


def over_readers(values: Floats, without: Floats) -> OverReaders:
    """Return the mean over readers from the jackknife over patients.

    Parameters
    ----------
    values : (r,) each reader's figure.
    without : (P, r) the same without each patient in turn. Patients whom a reader did not read
        leave that reader's figure as it is.
    """
    found = from_covariance(values, left_out_covariance(without))
    _, freedom = left_out(without.mean(1))
    return OverReaders(
        found.value,
        found.readers,
        found.mean_square,
        found.variance,
        found.covariance,
        freedom if math.isfinite(freedom) else math.inf,
    )


def from_covariance(values: Floats, covariance: Floats) -> OverReaders:
    """Return the mean over readers from figures (r,) and their covariance (r, r) over patients."""
    readers = len(values)
    variance = float(np.trace(covariance)) / readers
    if readers < 2:
        return OverReaders(float(values.mean()), readers, math.nan, variance, math.nan)
    apart = float(covariance.sum() - np.trace(covariance)) / (readers * (readers - 1))
    return OverReaders(
        float(values.mean()), readers, float(np.var(values, ddof=1)), variance, apart
    )


def left_out_covariance(without: Floats) -> Floats:
    """Return the jackknife's covariance (k, k) of k figures, each (P,) without every patient."""
    patients = len(without)
    apart = without - without.mean(0)
    return np.asarray((patients - 1) / patients * apart.T @ apart)
