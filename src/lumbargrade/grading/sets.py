"""Sets of grades: neighbouring grades of which one is the true one, most of the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SET_COVERAGE = 0.9
"""Nominal share of patients' images, within each true grade, whose set holds that grade."""

MARKED = 2
"""Lowest grade that counts as marked: 0-1 against 2-3."""

MOST_UNASKED = 2
"""A set of more grades than this says too little to stand alone."""


def needs_reader(grades: Sequence[int]) -> bool:
    """Return whether a reader should be asked about an image with this set.

    Asked when the set holds a grade that is not marked and one that is, for this is
    where a decision may hang on it; and when it holds more than two grades. "0 or 1" and
    "2 or 3" stand alone. An empty set (not known) asks nothing.

    Examples
    --------
    >>> needs_reader((1, 2)), needs_reader((2, 3))
    (True, False)
    """
    if not grades:
        return False
    return min(grades) < MARKED <= max(grades) or len(grades) > MOST_UNASKED


def worst_set(sets: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """Return the set of the worst of several findings, such as the sides of an image.

    If every finding lies in its set, the worst lies between the largest of the lower ends
    and the largest of the upper ends. Empty where one of the sets is, or none is given.

    Examples
    --------
    >>> worst_set([(0, 1), (1, 2, 3)])
    (1, 2, 3)
    """
    given = list(sets)
    if not given or not all(given):
        return ()
    return tuple(range(max(map(min, given)), max(map(max, given)) + 1))


def set_in_words(grades: Sequence[int]) -> str:
    """Return a set as a reader says it: ``"2"``, ``"2 or 3"``, ``"0 to 3"``; "" for none.

    Examples
    --------
    >>> set_in_words((2, 3)), set_in_words((1, 2, 3))
    ('2 or 3', '1 to 3')
    """
    if not grades:
        return ""
    low, high = min(grades), max(grades)
    if low == high:
        return str(low)
    return f"{low} {'or' if high == low + 1 else 'to'} {high}"
