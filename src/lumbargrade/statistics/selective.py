"""What is gained by asking a reader about the images in doubt (risk against coverage).

Source: Geifman and El-Yaniv, Selective classification for deep neural networks, NeurIPS 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.statistics.bootstrap import Estimate, without_interval
from lumbargrade.statistics.proportions import clustered_share
from lumbargrade.statistics.ties import beyond, levelled

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Names = NDArray[np.generic]

STEP = 0.005
"""Share of the images between two cuts that are tried: tables print tenths of a per cent, and
the interval at each of thousands of cuts would take minutes."""


CHOSEN_HERE = "the cut was chosen on these images"


@dataclass(frozen=True)
class RiskCurve:
    """Error of the grades that stand, by how many images a reader is asked about.

    Attributes
    ----------
    doubt : (m,) falling; the images with more doubt than this are asked about.
    asked : (m,) rising from 0; their share of all images.
    error : (m,) share of wrong grades among the others.
    """

    doubt: Floats
    asked: Floats
    error: Floats


@dataclass(frozen=True)
class Referral:
    """How many images must be asked about so that the error of the others is shown to keep a limit.

    Attributes
    ----------
    limit : the largest error that the user takes.
    asked : share of the images; 1 where only asking about all of them is enough.
    doubt : images with more doubt than this are asked about.
    error : of the others; NaN where there are no others. Without an interval: the cut was chosen
        on these images, and of such cuts an interval of 95 % held the truth in as few as 86 %
        (``benchmarks coverage``, 20 to 60 patients).
    """

    limit: float
    asked: float
    doubt: float
    error: Estimate


def risk_curve(doubt: Floats, wrong: Mask) -> RiskCurve:
    """Return the curve over every cut between images; images in equal doubt stay together.

    Raises EvaluationError if there is no image, or a doubt is not finite.

    Parameters
    ----------
    doubt : (n,) larger = less sure, such as 1 - the probability of the grade; finite.
    wrong : (n,) which grades are wrong.

    Examples
    --------
    >>> curve = risk_curve(np.array([0.1, 0.5]), np.array([False, True]))
    >>> curve.asked.tolist(), curve.error.tolist()
    ([0.0, 0.5], [0.5, 0.0])
    """
    if len(doubt) == 0 or not np.isfinite(doubt).all():
        raise EvaluationError(
            "a risk-coverage curve needs images, each with a finite doubt: grade the studies again"
        )
    level = levelled(doubt)
    order = np.argsort(level, kind="stable")
    ranked = level[order]
    last = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True])[::-1]
    kept = last + 1
    errors = np.cumsum(wrong[order])[last] / kept
    return RiskCurve(ranked[last], 1 - kept / len(doubt), np.asarray(errors, dtype=np.float64))


def ask_until(
    doubt: Floats, wrong: Mask, limit: float, patients: Names, confidence: float = 0.95
) -> Referral:
    """Return the smallest share to ask about that keeps the error at ``limit`` or below.

    "Keeps" is said of the upper end of the error's interval, not of its value: twenty images
    without an error do not show that nobody need be asked. Cuts are tried in steps of
    :data:`STEP` of the images; where none keeps the limit, or the patients are too few for an
    interval, all images are asked about.

    The cut is chosen on the images on which its error is measured, which flatters it a little:
    choose it on one set of patients and measure on another with :func:`error_of_others`.
    ``patients`` (n,) are of each image, ``doubt`` and ``wrong`` as for :func:`risk_curve`. Raises
    EvaluationError as :func:`risk_curve`; or if the limit is not a share.
    """
    if not 0 <= limit <= 1:
        raise EvaluationError(f"the limit of the error is {limit}: give a share from 0 to 1")
    curve = risk_curve(doubt, wrong)
    _, whose = np.unique(patients, return_inverse=True)
    steps = _steps(curve)
    for place in steps[curve.error[steps] <= limit]:
        cut = float(curve.doubt[place])
        found = error_of_others(doubt, wrong, cut, whose, confidence)
        if found.high <= limit:
            error = without_interval(found.value, CHOSEN_HERE)
            return Referral(limit, float(curve.asked[place]), cut, error)
    # Below the smallest doubt nothing is left, so a reader is asked about everything.
    cut = float("-inf")
    return Referral(limit, 1.0, cut, error_of_others(doubt, wrong, cut, patients, confidence))


def _steps(curve: RiskCurve) -> NDArray[np.int64]:
    """Return places on the curve, by rising share: the first of each step, at most 200."""
    return np.unique(
        np.searchsorted(curve.asked, np.arange(0, 1, STEP)).clip(max=len(curve.asked) - 1)
    )


def error_of_others(
    doubt: Floats, wrong: Mask, cut: float, patients: Names, confidence: float = 0.95
) -> Estimate:
    """Return the error of the images with no more doubt than ``cut``, with its interval."""
    stands = ~beyond(doubt, cut)
    return clustered_share(wrong[stands], patients[stands], confidence)
