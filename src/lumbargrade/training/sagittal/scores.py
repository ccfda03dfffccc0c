"""How well graded discs agree with their reader."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.accuracy import balanced_accuracy, majority_baseline
from lumbargrade.statistics.agreement.two_raters import cohen, confusion_table

DECIMALS = 4


def agreement(values: NDArray[np.int64], probabilities: NDArray[np.float64]) -> dict[str, Any]:
    """Return how the most probable grades agree with the reader's ``values`` (N,); empty without
    a disc.

    ``probabilities`` are (N, grades). Kappa is None where it has none: one grade alone was given.
    The two lowest grades, which readers hardly tell apart and few discs have, count as one in
    ``merged``.
    """
    if not len(values):
        return {}
    grades = probabilities.shape[1]
    table = confusion_table(values, probabilities.argmax(axis=1), grades)
    merged = table_merged(table)
    return {
        "discs": len(values),
        "by_grade": table.sum(axis=1).tolist(),
        "kappa_linear": _figure(cohen(table[np.newaxis], "linear")[0]),
        "exact": _figure(np.trace(table) / table.sum()),
        "majority": _figure(majority_baseline(table[np.newaxis])[0]),
        "merged": {
            "kappa_linear": _figure(cohen(merged[np.newaxis], "linear")[0]),
            "balanced_accuracy": _figure(balanced_accuracy(merged[np.newaxis])[0]),
        },
    }


def table_merged(table: NDArray[Any]) -> NDArray[np.float64]:
    """Return a table of one grade less, the two lowest as one."""
    part = np.eye(len(table))[:, 1:]
    part[0, 0] = 1.0
    return np.asarray(part.T @ table @ part)


def _figure(value: float) -> float | None:
    return round(float(value), DECIMALS) if np.isfinite(value) else None
