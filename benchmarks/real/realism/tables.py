"""Figures of several sets of slices side by side, as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.real.realism.seen import Seen

ALL = "all"
FEWEST = 3
"""Fewer slices have no spread worth a cell."""


@dataclass(frozen=True)
class Figured:
    """A set of slices with its figures.

    Attributes
    ----------
    values : figure -> a value a slice (n,), NaN where it is not known.
    """

    seen: Sequence[Seen]
    values: Mapping[str, np.ndarray]

    @property
    def count(self) -> str:
        """How many slices and patients."""
        return f"{len(self.seen)} slices of {len({one.patient for one in self.seen})} patients"


def figured(seen: Sequence[Seen], *figures: Callable[[Seen], Mapping[str, float]]) -> Figured:
    """Take figures of slices."""
    rows = [{k: v for each in figures for k, v in each(one).items()} for one in seen]
    names = rows[0] if rows else {}
    return Figured(seen, {name: np.array([row[name] for row in rows]) for name in names})


def table(
    sets: Mapping[str, Figured], titles: Sequence[str], levels: Sequence[str] = ()
) -> list[str]:
    """Return the lines of a table: a row a figure, and a level where levels are given.

    A cell is the median with the 10th and 90th of 100 and the slices that have a value.
    """
    lines = _head(sets)
    for title in titles:
        for level in levels or (ALL,):
            name = title if level == ALL else f"{title}, {level}"
            cells = [cell(of_level(one, title, level)) for one in sets.values()]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def share_table(sets: Mapping[str, Figured], titles: Sequence[str]) -> list[str]:
    """Return the lines of a table of shares: the mean of what is 1 or 0 on each slice."""
    lines = _head(sets)
    for title in titles:
        cells = [share(of_level(one, title, ALL)) for one in sets.values()]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return lines


def within(
    real: Figured, simulated: Figured, titles: Sequence[str], levels: Sequence[str] = ()
) -> tuple[int, int]:
    """Return how many simulated medians lie between the real 10th and 90th of 100, and of how many.

    Figures that one of the two does not have are not counted.
    """
    inside = []
    for title in titles:
        for level in levels or (ALL,):
            own, theirs = (of_level(one, title, level) for one in (real, simulated))
            if min(len(own), len(theirs)) >= FEWEST:
                low, high = np.percentile(own, [10, 90])
                inside.append(bool(low <= np.median(theirs) <= high))
    return sum(inside), len(inside)


def of_level(one: Figured, title: str, level: str) -> np.ndarray:
    """Return the known values of a figure at a level, or at all."""
    values = one.values.get(title, np.zeros(0))
    if level != ALL and len(values):
        values = values[[slice_.level == level for slice_ in one.seen]]
    return np.asarray(values[np.isfinite(values)])


def cell(values: np.ndarray) -> str:
    """Return median (10 %-90 %) n.

    Examples
    --------
    >>> cell(np.array([1.0, 2.0, 3.0, 4.0, 5.0])), cell(np.zeros(0))
    ('3.0 (1.4 to 4.6) n 5', '-')
    """
    if len(values) < FEWEST:
        return "-"
    low, middle, high = np.percentile(values, [10, 50, 90])
    digits = 0 if abs(middle) >= 20 else 1 if abs(middle) >= 2 else 2
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f}) n {len(values)}"


def share(values: np.ndarray) -> str:
    """Return the share of values that are 1, and how many there are."""
    return "-" if len(values) < FEWEST else f"{values.mean():.0%} n {len(values)}"


def _head(sets: Mapping[str, Figured]) -> list[str]:
    return ["| | " + " | ".join(sets) + " |", "|---" * (1 + len(sets)) + "|"]
