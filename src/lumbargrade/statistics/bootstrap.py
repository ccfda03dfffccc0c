"""Intervals over patients: a patient is drawn with all of their images, or not at all.

Images of one patient resemble each other, so an interval that takes them as independent
is too narrow. One draw serves every statistic, so that differences can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEW_PATIENTS = 30
"""Below this, resamples of patients know too little of the spread between patients."""

NO_SPREAD = 1e-9
"""A spread below this is rounding."""

IMAGES_AT_ONCE = 4_000_000
"""Numbers held at a time (resamples x images, or x patients): 32 MB."""


@dataclass(frozen=True)
class Estimate:
    """A number with its interval.

    Attributes
    ----------
    value : NaN where the statistic is undefined.
    low, high : NaN where there is no interval (see :func:`estimate`).
    undefined : resamples in which the statistic was undefined, and so left out.
    """

    value: float
    low: float
    high: float
    undefined: int = 0


@dataclass(frozen=True)
class Resampled:
    """A statistic over all patients, and in every resample; NaN where undefined.

    ``draws`` (B,) are in the order of the bootstrap.
    """

    value: float
    draws: Floats

    def __sub__(self, other: Resampled) -> Resampled:
        """Return the difference; both must come from the same bootstrap."""
        return Resampled(self.value - other.value, self.draws - other.draws)

    def estimate(self, confidence: float = 0.95) -> Estimate:
        """Return the value with the percentile interval of its resamples."""
        return estimate(self.value, self.draws, confidence)


@dataclass(frozen=True)
class PatientBootstrap:
    """Resamples of patients.

    ``patient`` (n,) is the index 0..P-1 of each image's patient; ``draws`` (B, P) is how often each
    patient was drawn.
    """

    patient: Integers
    draws: NDArray[np.int16]

    @classmethod
    def of(cls, patients: NDArray[np.str_], resamples: int, seed: int) -> PatientBootstrap:
        """Draw ``resamples`` times as many patients as there are, with replacement."""
        names, index = np.unique(patients, return_inverse=True)
        count = len(names)
        rng = np.random.default_rng(seed)
        kept = resamples if count > 1 else 0
        draws = np.zeros((kept, count), dtype=np.int16)
        step = max(1, IMAGES_AT_ONCE // max(count, 1))
        for start in range(0, kept, step):  # all at once would be gigabytes for large cohorts
            drawn = rng.integers(0, count, (len(draws[start : start + step]), count))
            drawn += count * np.arange(len(drawn))[:, None]
            times = np.bincount(drawn.ravel(), minlength=drawn.size)
            draws[start : start + step] = times.reshape(drawn.shape)
        return cls(index.astype(np.int64), draws)

    def of_images(self, which: NDArray[np.bool_]) -> PatientBootstrap:
        """Return the same resamples of the same patients for some of the images (n,)."""
        return PatientBootstrap(self.patient[which], self.draws)

    def tables(self, reference: Integers, predicted: Integers, grades: int) -> Floats:
        """Return the table of counts (B, q, q) of every resample."""
        cells = grades * grades
        patients = self.draws.shape[1]
        place = self.patient * cells + reference * grades + predicted
        by_patient = np.bincount(place, minlength=patients * cells).reshape(patients, cells)
        drawn = self.draws.astype(np.float64) @ by_patient.astype(np.float64)
        return drawn.reshape(-1, grades, grades)

    def image_weights(self) -> Iterator[Floats]:
        """Yield how often each image counts, (some of B, n), a few resamples at a time."""
        step = max(1, IMAGES_AT_ONCE // max(len(self.patient), 1))
        for start in range(0, len(self.draws), step):
            yield self.draws[start : start + step, self.patient].astype(np.float64)


def estimate(value: float, resampled: Floats, confidence: float = 0.95) -> Estimate:
    """Return ``value`` with the percentile interval of its resamples (B,).

    Resamples in which the statistic is undefined are left out and counted. There is no
    interval if more than half are, nor if all the others are alike: a share of 0 or 1, or
    one that hangs on a single patient, varies in no resample and is not certain for that.
    """
    known = resampled[np.isfinite(resampled)]
    undefined = len(resampled) - len(known)
    enough = len(known) > 0 and undefined <= len(known) and np.isfinite(value)
    if not enough or np.ptp(known) < NO_SPREAD:
        return Estimate(float(value), float("nan"), float("nan"), undefined)
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(known, (tail, 100 - tail))
    return Estimate(float(value), float(low), float(high), undefined)


def cluster_error(pull: Floats, clusters: NDArray[np.generic]) -> float:
    """Return the standard error of a mean of images that come in clusters (patients).

    What the images of one patient have in common adds up, so their sum is the unit. With one image
    a patient this is the usual standard error. NaN for fewer than two clusters.

    Parameters
    ----------
    pull : (n,) how far each image draws the statistic from its value; sums to 0.
    clusters : (n,) each image's patient, as name or number.
    """
    _, index = np.unique(clusters, return_inverse=True)
    sums = np.bincount(index, pull)
    if len(sums) < 2:
        return float("nan")
    variance = len(sums) / (len(sums) - 1) * float(sums @ sums) / len(pull) ** 2
    return float(np.sqrt(variance))


def student_interval(
    value: float, error: float, units: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Student's interval of a coefficient from ``units`` images or patients, -1 to 1.

    NaN for fewer than two units, an undefined value or error, or an error of 0: where all
    agree, the units show no error, which says nothing.
    """
    if units < 2 or not error > NO_SPREAD:
        return float("nan"), float("nan")
    reach = float(stdtrit(units - 1, (1 + confidence) / 2)) * error
    # min() and max() would take the bound for NaN.
    return float(np.maximum(value - reach, -1.0)), float(np.minimum(value + reach, 1.0))
