"""How simulated readers err: a matrix for each system, and the agreement that it implies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GRADES = 4


def confusion(stay: float, upward: float = 0.5) -> Floats:
    """Return (4, 4) chances of each grade, a row for each true one.

    With the chance ``stay`` a reader gives the true grade, else a neighbour, of two the higher one
    with the chance ``upward``.
    """
    table = np.eye(GRADES) * stay
    for true in range(GRADES):
        up = 1.0 if true == 0 else 0.0 if true == GRADES - 1 else upward
        if true + 1 < GRADES:
            table[true, true + 1] = (1 - stay) * up
        if true > 0:
            table[true, true - 1] = (1 - stay) * (1 - up)
    return table


@dataclass(frozen=True)
class ReaderNoise:
    """A reader.

    Attributes
    ----------
    stay, upward : of :func:`confusion`; ``stay`` by grading system.
    repeats : chance that a second reading repeats the first; else it is drawn anew.
    skips : share of slices that they say cannot be graded.
    """

    name: str
    stay: Mapping[str, float]
    upward: float = 0.5
    repeats: float = 0.5
    skips: float = 0.01

    def table(self, system: str) -> Floats:
        """Return the confusion matrix in one system."""
        return confusion(self.stay[system], self.upward)

    def draw(self, system: str, true: int, random: np.random.Generator) -> int:
        """Return a grade for a slice of a known one."""
        steps = self.table(system)[true].cumsum()[:-1]
        return int(np.searchsorted(steps, random.random(), side="right"))


def agreement_of_two(truth: Sequence[int], one: Floats, other: Floats) -> float:
    """Return the AC1 that is expected of two readers who err independently on known grades."""
    shares = np.bincount(truth, minlength=GRADES) / len(truth)
    return _ac1(np.einsum("t,ta,tb->ab", shares, one, other))


def agreement_with_oneself(truth: Sequence[int], table: Floats, repeats: float) -> float:
    """Return the AC1 that is expected of a reader who repeats that share of their grades."""
    shares = np.bincount(truth, minlength=GRADES) / len(truth)
    anew = np.einsum("t,ta,tb->ab", shares, table, table)
    return _ac1(repeats * np.diag(shares @ table) + (1 - repeats) * anew)


def _ac1(joint: Floats) -> float:
    """Gwet 2008, of the joint chances of two readers: written out here once more on purpose."""
    agreed = float(np.trace(joint))
    used = (joint.sum(0) + joint.sum(1)) / 2
    chance = float((used * (1 - used)).sum()) / (GRADES - 1)
    return (agreed - chance) / (1 - chance)
