"""Within what every number of ``bundle.json`` lies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "patch.size_mm": (10, 500),
        "patch.pixels": (16, 512),
        "patch.expand": (0.1, 10),
        "locator.spacing_mm": (0.1, 20),
        "locator.pixels": (16, 512),
        "disc_finder.spacing_mm": (0.1, 20),
        "disc_finder.pixels": (16, 512),
        "disc_grader.depths": (0.1, 20),
        "disc_grader.pixels": (16, 512),
        "disc_grader.backward": (-10, 10),
        "outliner.size_mm": (10, 500),
        "outliner.pixels": (16, 512),
        "outliner.measure_errors": (1e-9, 1e4),
        "outputs.grades": (2, 100),
        "disc_threshold": (0, 1),
        "temperatures": (0.01, 100),
        "decision_weights": (1e-4, 1e4),
        "conformal.coverage": (0, 1),
        "conformal.thresholds": (0, 1),
        "measure_outputs.mean": (-1e6, 1e6),
        "measure_outputs.spread": (1e-9, 1e6),
    }
)
"""Field -> (smallest, largest), both allowed [design]: far wider than what training gives, and
narrow enough that no picture fills the memory and no logit overflows."""


def number(value: Any, field: str) -> float:
    """Return a number of ``bundle.json``.

    Raises ValueError if it is no number (a text and true are none) or lies outside its range.

    Examples
    --------
    >>> number(0.5, "disc_threshold")
    0.5
    >>> number(2, "disc_threshold")
    Traceback (most recent call last):
    ...
    ValueError: disc_threshold is 2, not a number from 0 to 1
    """
    low, high = RANGES[field]
    # Written so that NaN, for which every comparison is false, is refused too.
    if type(value) not in (int, float) or not low <= value <= high:
        raise ValueError(f"{field} is {repr(value)[:40]}, not a number from {low:g} to {high:g}")
    return float(value)


def whole_number(value: Any, field: str) -> int:
    """Return a whole number of ``bundle.json``; raises as :func:`number`, and for a fraction."""
    if number(value, field) != int(value):
        raise ValueError(f"{field} is {value!r}, which is not a whole number")
    return int(value)
