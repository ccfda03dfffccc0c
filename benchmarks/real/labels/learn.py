"""A readable model of a weak label from few patients, and how it ranks the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.real.labels.scores import WORSE, sided

Floats = NDArray[np.float64]

PENALTY = 0.1
"""``C`` of the regression: fixed beforehand, for a few dozen features and 75 slices and up."""

LARGEST = 4.0
"""A feature counts at most so many deviations from its mean."""


def measure_features(measures: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return name -> (n,): each measure, of the worse and of the better side where it has sides.

    Measures that no slice has (the roots in the sac, on T1) are left out.
    """
    found: dict[str, Floats] = {}
    for name, sign in WORSE.items():
        sides = [sign * measures[one] for one in sided(name) if one in measures]
        if len(sides) == 1:
            found[name] = sign * sides[0]
        elif sides:
            found[f"{name}, worse side"] = sign * np.fmax.reduce(sides)
            found[f"{name}, better side"] = sign * np.fmin.reduce(sides)
    return {name: values for name, values in found.items() if np.isfinite(values).any()}


def level_features(levels: NDArray[np.str_]) -> dict[str, Floats]:
    """Return name -> (n,): 1 at a level, else 0, but for the first level."""
    return {
        str(level): (levels == level).astype(np.float64) for level in np.unique(levels).tolist()[1:]
    }


def probability(
    features: Sequence[Floats],
    positive: NDArray[np.bool_],
    train: NDArray[np.bool_],
    test: NDArray[np.bool_],
) -> Floats:
    """Learn from some slices and return the probability of the label on others.

    Parameters
    ----------
    features : (n,) each; what is not known becomes the mean of the slices that are learned from.
    positive, train, test : (n,).
    """
    table = np.column_stack(features)
    with np.errstate(invalid="ignore"):
        known = np.where(np.isfinite(table[train]), table[train], np.nan)
    empty = np.isnan(known).all(axis=0)
    known[:, empty] = 0.0
    middle, spread = np.nanmean(known, axis=0), np.nanstd(known, axis=0)
    standard = np.nan_to_num((table - middle) / np.where(spread > 0, spread, 1.0))
    standard = np.clip(standard, -LARGEST, LARGEST)
    model = LogisticRegression(C=PENALTY, max_iter=1000)
    model.fit(standard[train], positive[train])
    return np.asarray(model.predict_proba(standard[test])[:, 1])
