"""How well graded discs agree with their reader."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.accuracy import balanced_accuracy, majority_baseline
from lumbargrade.statistics.agreement.two_raters import cohen, confusion_table
from lumbargrade.training.heads import MISSING

DECIMALS = 4
LONG_LADDER = 5


def agreement(values: NDArray[np.int64], probabilities: NDArray[np.float64]) -> dict[str, Any]:
    """Return how the most probable grades agree with the reader's ``values`` (N,), ``MISSING``
    where there is none; empty without any.

    ``probabilities`` are (N, grades). Kappa is None where it has none: one grade alone was given.
    On a ladder of five or more grades the two lowest, which readers hardly tell apart and few discs
    have, count as one in ``merged``.
    """
    known = values != MISSING
    if not known.any():
        return {}
    grades = probabilities.shape[1]
    table = confusion_table(values[known], probabilities[known].argmax(axis=1), grades)
    found = {
        "discs": int(known.sum()),
        "by_grade": table.sum(axis=1).tolist(),
        "kappa_linear": _figure(cohen(table[np.newaxis], "linear")[0]),
        "balanced_accuracy": _figure(balanced_accuracy(table[np.newaxis])[0]),
        "exact": _figure(np.trace(table) / table.sum()),
        "majority": _figure(majority_baseline(table[np.newaxis])[0]),
    }
    if grades < LONG_LADDER:
        return found
    merged = table_merged(table)[np.newaxis]
    return {
        **found,
        "merged": {
            "kappa_linear": _figure(cohen(merged, "linear")[0]),
            "balanced_accuracy": _figure(balanced_accuracy(merged)[0]),
        },
    }


def table_merged(table: NDArray[Any]) -> NDArray[np.float64]:
    """Return a table of one grade less, the two lowest as one."""
    part = np.eye(len(table))[:, 1:]
    part[0, 0] = 1.0
    return np.asarray(part.T @ table @ part)


def _figure(value: float) -> float | None:
    return round(float(value), DECIMALS) if np.isfinite(value) else None
