"""Which scores are one and the same, whatever the last digits of a float say.

0.6 and 0.1 + 0.2 + 0.3 differ by 1e-16, and so do sums of the same probabilities in another
order. Ranked as they are, such noise puts images in an order that no model gave them. Every
figure that ranks scores takes them through :func:`levelled` first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""Scores closer than this, relative to their size or by itself, are tied: far above what a sum
of doubles rounds away (1e-15 of its size), far below what two images of a model differ by."""


def levelled(score: NDArray[np.generic]) -> Floats:
    """Return the scores (n,) with those that float noise alone tells apart made equal.

    Neighbours in rank are tied if they are closer than :data:`RELATIVE` of the larger, or than
    :data:`ABSOLUTE`; each group takes its lowest score, so the order of the groups is kept. NaN
    stays NaN.

    Examples
    --------
    >>> levelled(np.array([0.6, 0.1 + 0.2 + 0.3, 0.7])).tolist()
    [0.6, 0.6, 0.7]
    """
    given = np.asarray(score, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    ranked = given[order]
    least = np.maximum(RELATIVE * np.abs(ranked[1:]), ABSOLUTE)
    # Written so that NaN, for which every comparison is false, starts a group of its own.
    apart = ~(np.diff(ranked) <= least)
    starts = np.flatnonzero(np.r_[True, apart])[: len(given)]
    group = np.r_[0, np.cumsum(apart)][: len(given)]
    found = np.empty_like(given)
    found[order] = ranked[starts][group] if len(given) else ranked
    return found


def beyond(score: Floats, cut: float) -> NDArray[np.bool_]:
    """Return which scores (n,) are above a cut that may come from other images, noise aside."""
    return np.asarray(
        score > cut + max(RELATIVE * abs(cut), ABSOLUTE) if np.isfinite(cut) else score > cut
    )
