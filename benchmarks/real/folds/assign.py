"""Folds by patient: whoever is tested on was in no training slice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FOLDS = 3
SEED = 2022


def fold_of_patients(
    patients: Sequence[str], folds: int = FOLDS, seed: int = SEED
) -> dict[str, int]:
    """Deal the patients out to ``folds`` folds of nearly equal size.

    The result depends on the set of names and the seed alone, not on their order or how
    many slices each has.
    """
    names = np.array(sorted(set(patients)))
    dealt = np.random.default_rng(seed).permutation(len(names))
    return {str(names[one]): place % folds for place, one in enumerate(dealt)}


def train_and_test(
    patients: NDArray[np.str_], fold_of: dict[str, int], fold: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of ``patients`` (n,) outside of ``fold`` and those in it."""
    own = np.array([fold_of[str(patient)] == fold for patient in patients], dtype=bool)
    return np.flatnonzero(~own), np.flatnonzero(own)
