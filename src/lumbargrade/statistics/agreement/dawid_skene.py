"""What is true, and how each reader errs, from readings alone (Dawid and Skene 1979).

Each image has one true grade, and each reader a table of how often they give which grade where
which is true; given the truth, readers err independently. Both are found together by maximum
likelihood (EM). The libraries that offer this bring along data frames, plotting or a deep-learning
framework for twenty lines of arithmetic; it is checked against the paper's own example.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, xlogy

Floats = NDArray[np.float64]

TOLERANCE = 1e-8
"""EM ends when no probability moves by more than this in one step."""
MOST_STEPS = 5000


@dataclass(frozen=True)
class LatentGrades:
    """What EM has found.

    Attributes
    ----------
    probabilities : (n, q) of each true grade of each image, given all readings.
    prevalence : (q,) how common each grade is.
    readers : (r, q, q) reader, true grade, given grade: the probability to give it. A row of a
        grade that is never true is 0.
    log_likelihood : of the readings.
    """

    probabilities: Floats
    prevalence: Floats
    readers: Floats
    log_likelihood: float


def dawid_skene(counts: Floats) -> LatentGrades:
    """Return the maximum likelihood estimate that EM reaches from the shares of readings.

    With two readers their tables are hardly determined, and EM stays near where it begins: three
    or more make it worth while.

    Parameters
    ----------
    counts : (n, r, q) how often a reader gave an image a grade; 0 for what they did not read.

    Raises
    ------
    ValueError
        If a count is negative or not finite, or an image was read by nobody.
    """
    if counts.ndim != 3 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("counts must be finite and not negative, of shape (n, r, q)")
    if len(counts) == 0 or (counts.sum((1, 2)) == 0).any():
        raise ValueError("there is an image that nobody has read")
    truth: Floats = counts.sum(1) / counts.sum((1, 2))[:, None]
    for _ in range(MOST_STEPS):
        prevalence, readers = _maximise(counts, truth)
        joint = _log_joint(counts, prevalence, readers)
        before, truth = truth, np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
        if np.abs(truth - before).max() < TOLERANCE:
            break
    return LatentGrades(truth, prevalence, readers, float(logsumexp(joint, axis=1).sum()))


def _maximise(counts: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """Return prevalence (q,) and readers (r, q, q): the paper's equations 2.3 and 2.4."""
    given = np.einsum("nj,nrl->rjl", truth, counts)
    totals = given.sum(2, keepdims=True)
    return truth.mean(0), np.divide(given, totals, out=np.zeros_like(given), where=totals > 0)


def _log_joint(counts: Floats, prevalence: Floats, readers: Floats) -> Floats:
    """Return (n, q) the logarithm of prevalence times likelihood: the numerator of 2.5."""
    with np.errstate(divide="ignore"):
        prior: Floats = np.log(prevalence)
    likelihood: Floats = xlogy(counts[:, :, None, :], readers[None]).sum((1, 3))
    return prior + likelihood
