"""Whether a probability means what it says, and the temperature that makes it so.

Arrays only: logits and probabilities are (n, q), labels (n,) with grades 0..q-1, all known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LOG_RANGE = (-1.6, 1.6)
"""Natural logarithm of the temperatures that are tried: about 0.2 to 5."""


@dataclass(frozen=True)
class ReliabilityBin:
    """The images whose grade was given with about the same confidence.

    Attributes
    ----------
    low, high : confidence from (included) and to (excluded, but for the last bin).
    confidence : their mean confidence; NaN where there is none.
    right : share of them whose most probable grade is the true one; NaN where there is none.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> Floats:
    """Return probabilities (..., q) of logits (..., q) divided by ``temperature``."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    weights = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def untempered(probabilities: NDArray[np.floating], temperature: float) -> Floats:
    """Return the probabilities (..., q) as they were before division by ``temperature``.

    Examples
    --------
    >>> untempered(softmax(np.array([0.0, 2.0]), 3.0), 3.0).round(6).tolist()
    [0.119203, 0.880797]
    """
    # A probability of 0 has no logarithm; nothing that rounds to it can be told from it.
    logits = np.log(np.maximum(np.asarray(probabilities, dtype=np.float64), 1e-300))
    return softmax(logits * temperature)


def fit_temperature(logits: Floats, labels: Integers) -> float:
    """Return the temperature with the least negative log-likelihood; 1 without images.

    Source: Guo et al., On calibration of modern neural networks, ICML 2017.
    """
    if len(labels) == 0:
        return 1.0
    low, high = _LOG_RANGE
    shrink = (5**0.5 - 1) / 2
    for _ in range(40):  # golden section: the likelihood has one valley
        first, second = high - shrink * (high - low), low + shrink * (high - low)
        costs = [
            negative_log_likelihood(softmax(logits, float(np.exp(point))), labels)
            for point in (first, second)
        ]
        low, high = (low, second) if costs[0] < costs[1] else (first, high)
    return float(round(np.exp((low + high) / 2), 4))


def negative_log_likelihood(probabilities: Floats, labels: Integers) -> float:
    """Return the mean -log of the probability that the true grade was given; NaN without images."""
    if len(labels) == 0:
        return float("nan")
    given = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(given, 1e-12)).mean())


def brier_score(probabilities: Floats, labels: Integers) -> float:
    """Return the mean squared distance to the truth, summed over the grades.

    0 is perfect and 2 is certainty of a wrong grade (Brier, Mon Weather Rev 1950);
    NaN without images.

    Examples
    --------
    >>> brier_score(np.array([[0.75, 0.25]]), np.array([0]))
    0.125
    """
    if len(labels) == 0:
        return float("nan")
    truth = np.eye(probabilities.shape[1])[labels]
    return float(((probabilities - truth) ** 2).sum(axis=1).mean())


def reliability_bins(
    probabilities: Floats, labels: Integers, bins: int = 10
) -> tuple[ReliabilityBin, ...]:
    """Return the points of a reliability diagram: ``bins`` of equal width of the confidence.

    The confidence is the highest probability; the grade that it belongs to is right or not.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    found = []
    for index in range(bins):
        inside = place == index
        count = int(inside.sum())
        means = [float(part[inside].mean()) if count else np.nan for part in (confidence, right)]
        found.append(ReliabilityBin(index / bins, (index + 1) / bins, count, *means))
    return tuple(found)


def calibration_error(probabilities: Floats, labels: Integers, bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap of :func:`reliability_bins`.

    Each bin weighs as many images as it holds (Naeini et al., AAAI 2015); NaN without images.
    """
    if len(labels) == 0:
        return float("nan")
    filled = [one for one in reliability_bins(probabilities, labels, bins) if one.count]
    gaps = [abs(one.confidence - one.right) * one.count for one in filled]
    return float(sum(gaps) / len(labels))
