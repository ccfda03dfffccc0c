"""From two sides to one image: the image grade is the worse side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

SUM_TOLERANCE = 1e-3
"""How far probabilities may be from summing to 1 (half precision networks round)."""


def worse_side(sides: Iterable[int | None], highest: int) -> int | None:
    """Return the grade of the worse side; None where it hangs on a side that is not known.

    Parameters
    ----------
    sides : grade of each side, None where it is not known.
    highest : highest grade of the system; a side that has it is the worse one in any case.

    Examples
    --------
    >>> worse_side([0, 2], 3), worse_side([0, None], 3), worse_side([3, None], 3)
    (2, None, 3)
    """
    given = list(sides)
    known = [one for one in given if one is not None]
    if highest in known or (known and len(known) == len(given)):
        return max(known)
    return None


def worse_side_probabilities(left: Sequence[float], right: Sequence[float]) -> tuple[float, ...]:
    """Return the probability of each grade of the worse side.

    The worse side is at most grade k exactly when both sides are, so
    P(<= k) = P_left(<= k) P_right(<= k), the sides taken as independent given the image.
    ``left`` and ``right`` (n,) are the probabilities of grades 0..n-1, each summing to 1. Raises
    ValueError if the lengths differ, a probability is negative, or a side does not sum to 1.

    Examples
    --------
    >>> worse_side_probabilities([1.0, 0.0], [0.25, 0.75])
    (0.25, 0.75)
    """
    if len(left) != len(right):
        raise ValueError(f"the sides have {len(left)} and {len(right)} grades")
    both = [a * b for a, b in zip(_cumulative(left), _cumulative(right), strict=True)]
    return tuple(upper - lower for lower, upper in zip([0.0, *both], both, strict=False))


def _cumulative(probabilities: Sequence[float]) -> list[float]:
    total = sum(probabilities)
    # Written so that a NaN, which compares as false, is refused too.
    if not (abs(total - 1) <= SUM_TOLERANCE and min(probabilities) >= 0):
        raise ValueError(f"{tuple(probabilities)} are not probabilities that sum to 1")
    return [part / total for part in accumulate(probabilities)]
