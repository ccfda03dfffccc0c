"""What an agreement may be called, by Gwet's benchmark: as text, rows and plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lumbargrade.evaluation.measures.readers import CoefficientFigures, ReaderAgreement
from lumbargrade.statistics.agreement.benchmark import SCALES, SURE, level_of, memberships

COLUMNS = ("system", "readers", "coefficient", "scale", "reached", "class", "lowest", "or_better")
"""Of ``benchmark.csv``: a class of a scale a row."""

NOTE = (
    f"Level: the best class of Landis and Koch that the coefficient reaches with {SURE:.0%}, its "
    "error over patients taken into account (Gwet's benchmark)."
)


def error_of(row: CoefficientFigures) -> float:
    """Return the standard error over resampled patients; NaN where there is no interval."""
    if not np.isfinite(row.bootstrap.low):
        return float("nan")
    draws = row.resampled.draws
    return float(np.std(draws[np.isfinite(draws)], ddof=1))


def level_cell(row: CoefficientFigures) -> str:
    """Return the class of Landis and Koch that a coefficient reaches, or a dash."""
    return level_of(row.resampled.value, error_of(row)) or "-"


def benchmark_json(row: CoefficientFigures) -> dict[str, Any]:
    """Return each scale with the class that is reached and how probable each or a better one is."""
    value, error = row.resampled.value, error_of(row)
    found = {}
    for scale in SCALES:
        classes = {one.word: round(one.or_better, 6) for one in memberships(value, error, scale)}
        found[scale] = {"reached": level_of(value, error, scale) or None, "or_better": classes}
    return found


def benchmark_rows(
    system: str, readers: str, part: ReaderAgreement, names: Mapping[str, str]
) -> Iterator[list[str]]:
    """Yield the rows of some readers; ``names`` are what each coefficient is called."""
    for row in part.coefficients:
        value, error = row.resampled.value, error_of(row)
        for scale in SCALES:
            reached = level_of(value, error, scale)
            for one in memberships(value, error, scale):
                numbers = f"{one.lowest:g}", f"{one.or_better:.6f}"
                yield [system, readers, names[row.name], scale, reached, one.word, *numbers]
