"""Temperatures, so that a probability means what it says on the validation slices; and how
much a rare grade counts when one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.training.outputs import MISSING, OutputSpec, side_pairs

Floats = NDArray[np.float64]

_LOG_RANGE = (-1.6, 1.6)
"""Natural logarithm of the temperatures that are tried: about 0.2 to 5."""


DECISION_TAU = 0.3
"""Exponent of the grades' frequency when a grade is chosen (Menon 2021, logit adjustment).
0 would choose the most probable grade, 1 treat all grades as equally common. 0.3 was taken on
the validation slices of the default model: the smallest in steps of 0.15 that brought the
recall of every grade 2 and 3 above one half."""


def decision_weights(labels: NDArray[np.int64], grades: int) -> list[float]:
    """Return how much each grade's probability counts when a grade is chosen; grade 0 has 1.

    ``labels`` (N,) of the training slices, with -1 for missing.
    """
    counts = np.bincount(labels[labels != MISSING], minlength=grades).clip(min=1)
    return [round(float(weight), 4) for weight in (counts[0] / counts) ** DECISION_TAU]


def fit_temperature(logits: Floats, labels: NDArray[np.int64]) -> float:
    """Return the temperature with the least negative log-likelihood on known labels.

    ``logits`` (N, grades), ``labels`` (N,) with -1 for missing. 1 where none is known.
    """
    known = labels != MISSING
    if not known.any():
        return 1.0
    low, high = _LOG_RANGE
    shrink = (5**0.5 - 1) / 2
    for _ in range(40):  # golden section: the likelihood has one valley
        first, second = high - shrink * (high - low), low + shrink * (high - low)
        costs = [
            negative_log_likelihood(softmax(logits[known] / np.exp(point)), labels[known])
            for point in (first, second)
        ]
        low, high = (low, second) if costs[0] < costs[1] else (first, high)
    return float(round(np.exp((low + high) / 2), 4))


def softmax(logits: Floats) -> Floats:
    """Return probabilities (N, grades)."""
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def negative_log_likelihood(chances: Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean -log of the probability (N, grades) that the true grade was given."""
    given = chances[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(given, 1e-12)).mean())


def calibration_error(chances: Floats, labels: NDArray[np.int64], bins: int = 10) -> float:
    """Return the expected calibration error of the highest probability, in ``bins`` of width."""
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidence[place == b].mean() - right[place == b].mean())) * (place == b).mean()
        for b in range(bins)
        if (place == b).any()
    ]
    return float(sum(gaps))


def calibration_scores(
    logits: Mapping[str, Floats],
    labels: NDArray[np.int64],
    specs: Sequence[OutputSpec],
    temperatures: Mapping[str, float],
) -> dict[str, dict[str, float]]:
    """Return likelihood and calibration error, before and after, for outputs and images.

    The image grade of a per-side system combines both sides by P(<=k); it has no
    temperature of its own, so this is where one sees whether it is calibrated.
    """
    scores: dict[str, dict[str, float]] = {}
    for column, spec in enumerate(specs):
        each = [softmax(logits[spec.name] / t) for t in (1.0, temperatures.get(spec.name, 1.0))]
        scores[spec.name] = _before_after(each, labels[:, column])
    for system, left, right in side_pairs(specs):
        names = specs[left].name, specs[right].name
        each = []
        for chosen in ({}, temperatures):
            sides = [softmax(logits[n] / chosen.get(n, 1.0)).tolist() for n in names]
            pairs = zip(*sides, strict=True)
            each.append(np.asarray([worse_side_probabilities(a, b) for a, b in pairs]))
        scores[system] = _before_after(each, np.maximum(labels[:, left], labels[:, right]))
    return scores


def _before_after(each: list[Floats], labels: NDArray[np.int64]) -> dict[str, float]:
    known = labels != MISSING
    if not known.any():
        return {}
    found: dict[str, float] = {}
    for when, chances in zip(("before", "after"), each, strict=True):
        found[f"nll_{when}"] = round(negative_log_likelihood(chances[known], labels[known]), 4)
        found[f"ece_{when}"] = round(calibration_error(chances[known], labels[known]), 4)
    return found
