"""What is gained by asking a reader about the images in doubt (risk against coverage).

Source: Geifman and El-Yaniv, Selective classification for deep neural networks, NeurIPS 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.proportions import clustered_share

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Names = NDArray[np.generic]


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
    """How many images must be asked about to keep the error of the others under a limit.

    Attributes
    ----------
    limit : the largest error that the user takes.
    asked : share of the images; 1 where only asking about all of them is enough.
    doubt : images with more doubt than this are asked about.
    error : of the others, with its patient interval; NaN where there are no others.
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
    order = np.argsort(doubt, kind="stable")
    ranked = doubt[order]
    last = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True])[::-1]
    kept = last + 1
    errors = np.cumsum(wrong[order])[last] / kept
    return RiskCurve(ranked[last], 1 - kept / len(doubt), np.asarray(errors, dtype=np.float64))


def ask_until(
    doubt: Floats, wrong: Mask, limit: float, patients: Names, confidence: float = 0.95
) -> Referral:
    """Return the smallest share to ask about that brings the error to ``limit`` or below.

    The cut is chosen on the images on which its error is measured, which flatters it a little:
    choose it on one set of patients and measure on another with :func:`error_of_others`.
    ``patients`` (n,) are of each image, ``doubt`` and ``wrong`` as for :func:`risk_curve`. Raises
    EvaluationError as :func:`risk_curve`; or if the limit is not a share.
    """
    if not 0 <= limit <= 1:
        raise EvaluationError(f"the limit of the error is {limit}: give a share from 0 to 1")
    curve = risk_curve(doubt, wrong)
    under = np.flatnonzero(curve.error <= limit)
    # Below the smallest doubt nothing is left, so a reader is asked about everything.
    cut = float(curve.doubt[under[0]]) if len(under) else float("-inf")
    asked = float(curve.asked[under[0]]) if len(under) else 1.0
    return Referral(limit, asked, cut, error_of_others(doubt, wrong, cut, patients, confidence))


def error_of_others(
    doubt: Floats, wrong: Mask, cut: float, patients: Names, confidence: float = 0.95
) -> Estimate:
    """Return the error of the images with no more doubt than ``cut``, with its interval."""
    stands = doubt <= cut
    return clustered_share(wrong[stands], patients[stands], confidence)
