"""Levels of chance as text and as plain data, beside the coefficients that they belong to."""

from __future__ import annotations

import math
from collections.abc import Mapping


def level_cell(level: float | None) -> str:
    """Return a level as the cell of a CSV; empty where it is undefined, or a figure has none.

    Examples
    --------
    >>> level_cell(0.68), level_cell(float("nan")), level_cell(None)
    ('0.680000', '', '')
    """
    return "" if level is None or not math.isfinite(level) else f"{level:.6f}"


def levels_json(levels: Mapping[str, float]) -> dict[str, float | None]:
    """Return the level of each coefficient by name; null where it is undefined."""
    return {name: round(one, 6) if math.isfinite(one) else None for name, one in levels.items()}
