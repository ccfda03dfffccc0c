"""How good an agreement may be called, with the doubt of its error taken into account.

A coefficient of 0.62 from 12 patients and one of 0.62 from 1200 lie in the same class of a scale,
and say different things. Gwet asks instead how probable it is that the true coefficient lies in a
class or a better one, and takes the best class of which that is 95 % or more. The words of the
scales are conventions and no clinical limits.

Sources: Gwet, Handbook of Inter-Rater Reliability, 4th ed., chapter 6 (cumulative membership
probabilities); Landis and Koch, Biometrics 1977;33:159; Altman, Practical Statistics for Medical
Research, 1991; Fleiss, Statistical Methods for Rates and Proportions, 1981.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scipy.special import ndtr

from lumbargrade.statistics.bootstrap import NO_SPREAD

Scale = tuple[tuple[str, float], ...]

SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        "landis_koch": (
            ("almost perfect", 0.8),
            ("substantial", 0.6),
            ("moderate", 0.4),
            ("fair", 0.2),
            ("slight", 0.0),
            ("poor", -1.0),
        ),
        "altman": (
            ("very good", 0.8),
            ("good", 0.6),
            ("moderate", 0.4),
            ("fair", 0.2),
            ("poor", -1.0),
        ),
        "fleiss": (("excellent", 0.75), ("intermediate to good", 0.4), ("poor", -1.0)),
    }
)
"""Name of a scale -> its classes from the best down, each with its lowest coefficient."""

SURE = 0.95
"""The cumulative probability that a class needs."""


@dataclass(frozen=True)
class Membership:
    """A class of a scale, and how probable it is that the truth lies in it or in a better one."""

    word: str
    lowest: float
    or_better: float


def memberships(value: float, error: float, scale: str = "landis_koch") -> tuple[Membership, ...]:
    """Return each class of a scale, the best first; none where there is no error.

    The truth is taken to be normal about ``value`` with the standard error ``error``, between -1
    and 1. Of several images a patient the error must be that over patients, or else the classes
    are too good.

    Examples
    --------
    >>> [round(one.or_better, 5) for one in memberships(0.67, 0.15, "fleiss")]
    [0.28699, 0.96356, 1.0]
    """
    if not error > NO_SPREAD:
        return ()
    worst, best = (value + 1) / error, (value - 1) / error
    room = float(ndtr(worst) - ndtr(best))
    return tuple(
        Membership(word, lowest, float(ndtr((value - lowest) / error) - ndtr(best)) / room)
        for word, lowest in SCALES[scale]
    )


def level_of(value: float, error: float, scale: str = "landis_koch") -> str:
    """Return the best class that the coefficient reaches with 95 %; empty without an error.

    Examples
    --------
    >>> level_of(0.775, 0.143), level_of(0.775, 0.02)
    ('moderate', 'substantial')
    """
    found = memberships(value, error, scale)
    return next((one.word for one in found if one.or_better >= SURE), "")
