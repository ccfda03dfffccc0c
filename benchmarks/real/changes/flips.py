"""How many grades of a model change when the picture is mirrored or changed a little."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.changes.change import CHANGES, View, other_side

Grades = Mapping[str, NDArray[np.int64]]
"""Output -> (n,) grade."""

SIDES, MIRROR = "LNRC sides", "mirror"


def flips(
    grade: Callable[[Sequence[View]], Grades], views: Sequence[View], names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return change -> output -> share of slices (and directions) whose grade is another.

    ``names`` are of ``CHANGES``. Under ``SIDES`` are both sides of LNRC together.
    """
    before = grade(views)
    found: dict[str, dict[str, float]] = {}
    for name in names:
        shares: dict[str, list[float]] = {}
        for change in CHANGES[name]:
            after = grade([change.of(view) for view in views])
            for output, one in changed(before, after, change.mirrored).items():
                shares.setdefault(output, []).append(float(one.mean()))
        found[name] = {output: float(np.mean(each)) for output, each in shares.items()}
        sides = [one for output, one in found[name].items() if output.startswith("LNRC_")]
        if sides:
            found[name][SIDES] = float(np.mean(sides))
    return found


def changed(before: Grades, after: Grades, mirrored: bool) -> dict[str, NDArray[np.bool_]]:
    """Return output -> (n,) whether its grade is another, sides swapped back."""
    return {name: before[name] != after[other_side(name) if mirrored else name] for name in before}
