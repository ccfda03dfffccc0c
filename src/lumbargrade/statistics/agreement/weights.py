"""How much two grades count as agreeing: 1 where they are equal, less the further apart.

Source: Gwet, Handbook of Inter-Rater Reliability, 4th ed., chapter 3 (and Cicchetti
for linear, Fleiss and Cohen for quadratic weights).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Weights = Literal["identity", "linear", "quadratic", "ordinal"]
WEIGHTS: tuple[Weights, ...] = get_args(Weights)


def agreement_weights(grades: int, kind: Weights) -> NDArray[np.float64]:
    """Return the (q, q) weights of ``q = grades`` grades.

    Ordinal weights count the pairs of grades between the two, ends included, so that they use the
    order of the grades and not their distance. Raises ValueError for fewer than two grades, where
    agreement means nothing, or an unknown kind.

    Examples
    --------
    >>> agreement_weights(3, "linear")[0].tolist()
    [1.0, 0.5, 0.0]
    """
    if grades < 2 or kind not in WEIGHTS:
        raise ValueError(f"weights {kind!r} of {grades} grades: two grades or more, of {WEIGHTS}")
    grade = np.arange(grades, dtype=np.float64)
    apart = np.abs(grade[:, None] - grade)
    lost = {
        "identity": (apart > 0).astype(np.float64),
        "linear": apart,
        "quadratic": apart**2,
        "ordinal": apart * (apart + 1) / 2,
    }[kind]
    return np.asarray(1 - lost / lost[0, -1], dtype=np.float64)
