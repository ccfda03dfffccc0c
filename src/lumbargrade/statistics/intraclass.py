"""The intraclass correlation of a table of measurements, from its two-way mean squares.

Written here because no maintained library of a permissive licence has it: pingouin is GPL,
statsmodels and SciPy lack it, nipype has the consistency form alone. The formulas are those
of Shrout and Fleiss, Psychol Bull 1979;86:420, and the tests hold their example and that of
McGraw and Wong, Psychol Methods 1996;1:30.

Which form is used: ICC(2,1) of Shrout and Fleiss, ICC(A,1) of McGraw and Wong, two-way random,
absolute agreement of single measurements: a constant offset between two raters lowers it.
It grows with the spread of the things measured, so it belongs beside the limits of agreement
and does not stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled

Floats = NDArray[np.float64]

NO_VARIANCE = 1e-12
"""A mean square below this share of the values' variance is rounding, and set to 0."""


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of a table (n things, k raters) without gaps.

    Attributes
    ----------
    things, raters, error, within : BMS, JMS, EMS and WMS of Shrout and Fleiss, each a number or
        one for each resample.
    n : things; in a resample so many were drawn.
    k : raters.
    """

    things: Floats
    raters: Floats
    error: Floats
    within: Floats
    n: Floats
    k: int

    @classmethod
    def of(cls, values: Floats, times: Floats | None = None) -> MeanSquares:
        """Return the mean squares of ``values`` (n, k), two things and two raters or more.

        ``times`` (B, n) is how often each thing counts in each of B resamples; None: once.
        """
        n_things, k = values.shape
        weight = np.ones(n_things) if times is None else times
        values = values - values.mean()  # its squares would swamp those of the differences
        n = weight.sum(-1)
        per_rater = weight @ values / n[..., None]
        grand = per_rater.mean(-1)
        # Of the means of things and of raters about the mean of all.
        of_things = k * (weight @ values.mean(1) ** 2 - n * grand**2)
        of_raters = n * (per_rater**2).sum(-1) - k * n * grand**2
        in_things = weight @ ((values - values.mean(1, keepdims=True)) ** 2).sum(1)
        none = NO_VARIANCE * float((values**2).mean())

        def mean(squares: Floats, freedom: Floats | int) -> Floats:
            found = np.asarray(squares / freedom)
            return np.where(found > none, found, 0.0)

        return cls(
            things=mean(of_things, n - 1),
            raters=mean(of_raters, k - 1),
            error=mean(in_things - of_raters, (n - 1) * (k - 1)),
            within=mean(in_things, n * (k - 1)),
            n=np.asarray(n),
            k=k,
        )


def one_way(squares: MeanSquares) -> Floats:
    """Return ICC(1,1): each thing is measured by raters of its own."""
    between, within = squares.things, squares.within
    return _share(between - within, between + (squares.k - 1) * within)


def absolute_agreement(squares: MeanSquares) -> Floats:
    """Return ICC(2,1): offsets between the raters count as disagreement."""
    between, error, k = squares.things, squares.error, squares.k
    offsets = k * (squares.raters - error) / squares.n
    return _share(between - error, between + (k - 1) * error + offsets)


def consistency(squares: MeanSquares) -> Floats:
    """Return ICC(3,1): offsets between the raters do not count."""
    between, error = squares.things, squares.error
    return _share(between - error, between + (squares.k - 1) * error)


def _share(above: Floats, below: Floats) -> Floats:
    """Return the quotient; NaN where nothing varies."""
    varies = below > 0
    return np.asarray(np.where(varies, above / np.where(varies, below, 1.0), np.nan))


def resampled_agreement(values: Floats, bootstrap: PatientBootstrap) -> Resampled:
    """Return ICC(2,1) of ``values`` (n, k), and what it is in each resample of the n's patients.

    NaN where fewer than two things are measured, or nothing varies.
    """
    if len(values) < 2:
        nothing = np.full(len(bootstrap.draws), np.nan)
        return Resampled(float("nan"), nothing, bootstrap.patients, "coefficient")
    draws = [absolute_agreement(MeanSquares.of(values, some)) for some in bootstrap.image_weights()]
    whole = float(absolute_agreement(MeanSquares.of(values)))
    drawn = np.concatenate([np.empty(0), *draws])
    return Resampled(whole, drawn, bootstrap.patients, "coefficient")
