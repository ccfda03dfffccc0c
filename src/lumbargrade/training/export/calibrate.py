"""Temperatures, so that a probability means what it says on the validation slices; and how
much a rare grade counts when one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.statistics.calibration import (
    calibration_error,
    fit_temperature,
    negative_log_likelihood,
    softmax,
)
from lumbargrade.training.heads import DISC, MISSING, side_pairs

Floats = NDArray[np.float64]

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


def temperatures_of(
    logits: Mapping[str, Floats], labels: NDArray[np.int64], specs: Sequence[OutputSpec]
) -> dict[str, float]:
    """Return the temperature of each graded output, fitted on the labels that are known.

    ``logits`` (N, grades) by output name, ``labels`` (N, outputs) with -1 for missing.
    """
    found: dict[str, float] = {}
    for column, spec in enumerate(specs):
        if spec.name != DISC:
            known = labels[:, column] != MISSING
            found[spec.name] = fit_temperature(logits[spec.name][known], labels[known, column])
    return found


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
        each = [softmax(logits[spec.name], t) for t in (1.0, temperatures.get(spec.name, 1.0))]
        scores[spec.name] = _before_after(each, labels[:, column])
    for system, left, right in side_pairs(specs):
        names = specs[left].name, specs[right].name
        each = []
        for chosen in ({}, temperatures):
            sides = [softmax(logits[n], chosen.get(n, 1.0)).tolist() for n in names]
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
