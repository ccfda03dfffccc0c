"""Intervals over patients: a patient is drawn with all of their images, or not at all.

Images of one patient resemble each other, so an interval that takes them as independent
is too narrow. One draw serves every statistic, so that differences can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, stdtrit

from lumbargrade.statistics.patients import too_few

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

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
    low, high : NaN where there is no interval (see :func:`patient_interval`).
    undefined : resamples in which the statistic was undefined, and so left out.
    reason : why a value has no interval, in a few words; empty where it has one.
    """

    value: float
    low: float
    high: float
    undefined: int = 0
    reason: str = ""


Scale = Literal["plain", "coefficient", "share", "amount"]
"""On what scale an interval is symmetric: as it is, Fisher's z (-1 to 1), logit, or logarithm."""

_SCALES: Mapping[Scale, tuple[Callable[..., Floats], Callable[..., Floats], Callable[..., float]]]
_SCALES = MappingProxyType(
    {
        "plain": (np.asarray, np.asarray, lambda value: 1.0),
        "coefficient": (np.arctanh, np.tanh, lambda value: 1 / (1 - value**2)),
        "share": (logit, expit, lambda value: 1 / (value * (1 - value))),
        "amount": (np.log, np.exp, lambda value: 1 / value),
    }
)
"""Scale -> there, back, and how steep the way there is."""

_INSIDE: Mapping[Scale, tuple[float, float]] = MappingProxyType(
    {
        "plain": (-np.inf, np.inf),
        "coefficient": (-1.0, 1.0),
        "share": (0.0, 1.0),
        "amount": (0.0, np.inf),
    }
)


@dataclass(frozen=True)
class Resampled:
    """A statistic over all patients, and in every resample; NaN where undefined.

    Attributes
    ----------
    draws : (B,) in the order of the bootstrap.
    carriers : patients who carry the statistic: all, or those who have the class that it is
        about, the fewer ones where it is about several.
    scale : on which its interval is made.
    formula : its value and interval at a confidence, for what has a formula of its own (shares
        of images, limits of agreement); None for others, whose error is that of the resamples.
    freedom : degrees of freedom of the error, where they are fewer than one less than the
        carriers (:func:`left_out`).
    reason : why it has no interval, whatever the resamples are; empty where it may have one.
    """

    value: float
    draws: Floats
    carriers: int
    scale: Scale = "plain"
    formula: Callable[[float], Estimate] | None = None
    freedom: float = math.inf
    reason: str = ""

    def __sub__(self, other: Resampled) -> Resampled:
        """Return the difference; both must come from the same bootstrap."""
        return Resampled(
            self.value - other.value,
            self.draws - other.draws,
            min(self.carriers, other.carriers),
            reason=self.reason or other.reason,
        )

    def estimate(self, confidence: float = 0.95) -> Estimate:
        """Return the value with :func:`patient_interval`, its error that of the resamples.

        Resamples in which the statistic is undefined are left out and counted; there is no
        interval if more than half are. A resample of n patients varies by (n - 1) / n too little.
        """
        known = self.draws[np.isfinite(self.draws)]
        undefined = len(self.draws) - len(known)
        if self.formula is not None:
            return replace(self.formula(confidence), undefined=undefined)
        reason = self.reason
        if undefined > len(known):
            reason = too_few(self.carriers) or "undefined in most resamples"
        if reason:
            return replace(without_interval(self.value, reason), undefined=undefined)
        units = max(self.carriers, 2)
        error = float(np.std(known)) * np.sqrt(units / (units - 1)) if len(known) else 0.0
        found = patient_interval(
            self.value, error, self.carriers, self.scale, confidence, self.freedom
        )
        return replace(found, undefined=undefined)


def without_interval(value: float, reason: str) -> Estimate:
    """Return a value that has no interval; of one that is NaN the reason is that."""
    nothing = float("nan")
    return Estimate(value, nothing, nothing, 0, reason if np.isfinite(value) else "undefined")


def patient_interval(
    value: float,
    error: float,
    carriers: int,
    scale: Scale,
    confidence: float = 0.95,
    freedom: float = math.inf,
) -> Estimate:
    """Return a value with Student's interval over the patients who carry it.

    The quantile has one degree of freedom less than there are such patients, or ``freedom`` of
    them if that is fewer, and the error is taken to ``scale`` by the delta method, where the
    statistic is nearer to symmetric: the plain percentiles of resamples of 20 patients hold the
    truth in 85 to 92 % (``python -m benchmarks coverage`` measures each figure).

    There is no interval below ``patients.ENOUGH_PATIENTS``, nor with an error of 0: a share of 0
    or 1, or a figure that hangs on a single patient, varies in no resample and is not certain
    for that.

    Parameters
    ----------
    error : standard error of ``value``, on its own scale, over patients.
    carriers : see :class:`Resampled`.
    """
    low_end, high_end = _INSIDE[scale]
    reason = too_few(carriers)
    if not reason and not (error > NO_SPREAD and low_end < value < high_end):
        reason = "no variation"
    if reason:
        return without_interval(float(value), reason)
    there, back, slope = _SCALES[scale]
    quantile = float(stdtrit(min(carriers - 1, freedom), (1 + confidence) / 2))
    reach = quantile * error * slope(value)
    middle = there(value)
    return Estimate(float(value), float(back(middle - reach)), float(back(middle + reach)))


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

    @property
    def patients(self) -> int:
        """How many patients there are."""
        return int(self.draws.shape[1])

    def carriers(self, which: NDArray[np.bool_]) -> int:
        """Return how many patients have one of these images (n,)."""
        return len(np.unique(self.patient[which]))

    def of_images(self, which: NDArray[np.bool_]) -> PatientBootstrap:
        """Return the same resamples of the same patients for some of the images (n,)."""
        return PatientBootstrap(self.patient[which], self.draws)

    def tables(self, reference: Integers, predicted: Integers, grades: int) -> Floats:
        """Return the table of counts (B, q, q) of every resample."""
        by_patient = self._by_patient(reference, predicted, grades)
        drawn = self.draws.astype(np.float64) @ by_patient.reshape(-1, grades * grades)
        return drawn.reshape(-1, grades, grades)

    def tables_without(self, reference: Integers, predicted: Integers, grades: int) -> Floats:
        """Return the table of counts (P', q, q) without each patient who has an image."""
        by_patient = self._by_patient(reference, predicted, grades)
        return np.asarray(by_patient.sum(0) - by_patient[by_patient.any((1, 2))])

    def _by_patient(self, reference: Integers, predicted: Integers, grades: int) -> Floats:
        place = (self.patient * grades + reference) * grades + predicted
        counts = np.bincount(place, minlength=self.patients * grades * grades)
        return counts.reshape(self.patients, grades, grades).astype(np.float64)

    def image_weights(self) -> Iterator[Floats]:
        """Yield how often each image counts, (some of B, n), a few resamples at a time."""
        step = max(1, IMAGES_AT_ONCE // max(len(self.patient), 1))
        for start in range(0, len(self.draws), step):
            yield self.draws[start : start + step, self.patient].astype(np.float64)


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


def left_out(without: Floats) -> tuple[float, float]:
    """Return the jackknife's standard error, and its degrees of freedom.

    An error that rests on few patients (one of two grades' disagreement among many of none) is
    less certain than their number says. A sum of squares of normal deviations u of P patients has
    P - 1 degrees of freedom, and so has 3 (sum u^2)^2 / sum u^4 - 1, which is fewer where few
    patients make up the sum; the variance of a variance grows with the fourth moment.

    Sources: Efron and Stein, Ann Stat 1981;9:586 (the error, never too small on average);
    Satterthwaite, Biometrics Bull 1946;2:110 (degrees of freedom from the variance of a variance).

    Parameters
    ----------
    without : (P,) the statistic without each patient; NaN for fewer than two.
    """
    if len(without) < 2:
        return float("nan"), float("nan")
    apart = without - without.mean()
    squares = float(apart @ apart)
    error = float(np.sqrt((1 - 1 / len(without)) * squares))
    if not error > NO_SPREAD:
        return error, float(len(without) - 1)
    return error, max(3 * squares**2 / float((apart**4).sum()) - 1, 1.0)


def student_interval(
    value: float, error: float, units: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the published interval of a coefficient from ``units`` independent images, -1 to 1.

    NaN for fewer than two units, an undefined value or error, or an error of 0: where all
    agree, the units show no error, which says nothing.
    """
    if units < 2 or not error > NO_SPREAD:
        return float("nan"), float("nan")
    reach = float(stdtrit(units - 1, (1 + confidence) / 2)) * error
    # min() and max() would take the bound for NaN.
    return float(np.maximum(value - reach, -1.0)), float(np.minimum(value + reach, 1.0))
