"""How often the slices of each cohort are drawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import RecipeError

Shares = Sequence[tuple[str, float]]


def refuse_unknown_sites(shares: Shares, sites: Collection[str]) -> None:
    """Raise RecipeError if a recipe gives a share to a cohort that is not there."""
    unknown = sorted({name for name, _ in shares} - set(sites))
    if unknown:
        known = ", ".join(sorted(set(sites) - {""})) or "none, as there is one cohort alone"
        raise RecipeError(
            f"[sampling] sites names {unknown[0]}, which is no cohort of this training: "
            f"choose from {known}"
        )


def share_sites(
    weights: NDArray[np.float64], sites: NDArray[np.str_], shares: Shares
) -> NDArray[np.float64]:
    """Return weights (n,) scaled so that each named cohort makes up its share of an epoch.

    Cohorts without a share divide the rest among them by the sum of their weights. Shares hold
    among the cohorts that have a slice here.
    """
    found = np.asarray(weights, dtype=np.float64).copy()
    left = np.ones(len(found), dtype=np.bool_)
    for name, share in shares:
        own = sites == name
        left &= ~own
        if own.any():
            found[own] *= share / found[own].sum()
    rest = max(1.0 - sum(share for _, share in shares), 0.0)
    if left.any():
        found[left] *= rest / found[left].sum()
    return np.asarray(found * (len(found) / max(found.sum(), 1e-12)))
