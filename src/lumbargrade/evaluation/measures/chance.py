"""What a coefficient of agreement would be of graders who grade independently of each other.

A coefficient is "corrected for chance" by a model of chance, and the models differ: graders who
give their grades without looking at the image, each as often as here, have a kappa of 0 by
construction, but an AC1 above 0 wherever one grade is frequent. So the value stands beside that
level: the same formula, applied to the table that such graders would fill on average.

Source: expected counts of a table under independence of its margins, as in Pearson's chi-squared
(Agresti, Categorical Data Analysis, 3rd ed., section 3.2); the formulas are those of ``two_raters``
and ``many_raters``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.analytic_intervals import OF_TABLE
from lumbargrade.statistics.agreement.many_raters import (
    COEFFICIENTS,
    MISSING,
    AgreementSums,
    add_up,
    coefficient,
    images_as_sums,
)
from lumbargrade.statistics.agreement.weights import agreement_weights

Floats = NDArray[np.float64]

CHANCE_NOTE = (
    "Chance: the same coefficient of two graders who grade independently of each other, each "
    "giving every grade as often as here; kappa is then 0 by construction, AC1 and AC2 are not."
)
"""One sentence for every table that shows the level."""


def independent_table(table: NDArray[np.generic]) -> Floats:
    """Return the expected counts (q, q) of two graders with these margins who are independent.

    NaN for an empty table.
    """
    counts = np.asarray(table, dtype=np.float64)
    total = counts.sum()
    margins = np.outer(counts.sum(1), counts.sum(0))
    return np.asarray(margins / (total if total > 0 else np.nan))


def chance_levels(table: NDArray[np.generic]) -> dict[str, float]:
    """Return name of each coefficient -> its value on :func:`independent_table` of counts (q, q).

    NaN where the coefficient is undefined there, as kappa where both give one single grade.

    Examples
    --------
    >>> levels = chance_levels(np.array([[81, 9], [9, 1]]))
    >>> round(levels["ac1"], 2), round(levels["kappa"], 2)
    (0.78, 0.0)
    """
    expected = independent_table(table)
    found = {}
    for name, (chance, weights) in COEFFICIENTS.items():
        value_of, _ = OF_TABLE[chance]
        found[name] = float(value_of(expected, weights)) + 0.0  # + 0.0: no "-0.00"
    return found


def chance_levels_of_all(ratings: NDArray[np.int64], grades: int) -> Mapping[str, float]:
    """Return the same for r readers at once, each with their own frequencies of ``grades``.

    ``ratings`` are (n, r), ``MISSING`` where a reader gave none. Who read which image stays as it
    is. Fleiss kappa supposes one frequency for all, so its level is near 0 and not quite 0 where
    the readers' habits differ. NaN where no image was read twice.
    """
    there = ratings != MISSING
    given = (ratings[..., None] == np.arange(grades)).sum(0).astype(np.float64)
    habits = given / np.maximum(there.sum(0), 1)[:, None]
    found = {}
    for name, (chance, weights) in COEFFICIENTS.items():
        agree = habits @ agreement_weights(grades, weights) @ habits.T
        np.fill_diagonal(agree, 0)
        rated = there.sum(1)
        pairs = np.where(rated > 1, rated * (rated - 1), 1)
        expected = np.where(rated > 1, ((there @ agree) * there).sum(1) / pairs, 0)
        sums = add_up(images_as_sums(ratings, grades, weights), np.ones(len(ratings)))
        independent = AgreementSums(expected.sum(), sums.paired, sums.rated, sums.use)
        level = coefficient(independent, weights, chance)
        found[name] = float(level) + 0.0
    return found
