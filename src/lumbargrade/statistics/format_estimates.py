"""An estimate as text, as cells of a table and as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from lumbargrade.statistics.bootstrap import Estimate


def show(found: Estimate) -> str:
    """Return an estimate as text.

    Examples
    --------
    >>> show(Estimate(0.8123, 0.79, 0.831))
    '0.81 (0.79 to 0.83)'
    >>> show(Estimate(float("nan"), float("nan"), float("nan")))
    'not defined'
    """
    if not math.isfinite(found.value):
        return "not defined"
    return f"{number(found.value, 2)} ({show_interval(found)})"


def signed(difference: Estimate) -> str:
    """Return a difference with its sign and three decimals: two hide on which side of 0 it is.

    Examples
    --------
    >>> signed(Estimate(0.0141, -0.0009, 0.028))
    '+0.014 (-0.001 to +0.028)'
    """
    if not math.isfinite(difference.value):
        return "not defined"
    low, high = difference.low, difference.high
    interval = f"{low:+.3f} to {high:+.3f}" if math.isfinite(low) else no_interval(difference)
    return f"{difference.value:+.3f} ({interval})"


def show_interval(found: Estimate) -> str:
    """Return the ends of an estimate's interval as text.

    Examples
    --------
    >>> show_interval(Estimate(0.8123, 0.79, 0.831))
    '0.79 to 0.83'
    """
    if not math.isfinite(found.low):
        return no_interval(found)
    return f"{number(found.low, 2)} to {number(found.high, 2)}"


def no_interval(found: Estimate) -> str:
    """Return what stands in place of an interval, with the reason where there is one.

    Examples
    --------
    >>> no_interval(Estimate(0.5, float("nan"), float("nan"), reason="4 patients, 10 needed"))
    'no interval: 4 patients, 10 needed'
    """
    return f"no interval: {found.reason}" if found.reason else "no interval"


def number(value: float, digits: int) -> str:
    """Return a number with so many decimals, or a dash where it is undefined."""
    if not math.isfinite(value):
        return "-"
    return f"{round(value, digits) + 0.0:.{digits}f}"  # + 0.0: -0.001 is no "-0.00"


def estimate_json(found: Estimate) -> dict[str, float | int | str | None]:
    """Return an estimate as plain data; what is undefined is null, ``no_interval`` says why."""
    ends = {"value": found.value, "low": found.low, "high": found.high}
    known = {key: round(one, 6) if math.isfinite(one) else None for key, one in ends.items()}
    why = {"no_interval": found.reason} if found.reason else {}
    return {**known, "undefined_resamples": found.undefined, **why}


def plain(value: Any) -> Any:
    """Return dataclasses, mappings and sequences of estimates and numbers as plain data.

    What is undefined is None, as JSON has no NaN.

    Examples
    --------
    >>> plain({"ages": (61, float("nan"))})
    {'ages': [61, None]}
    """
    if isinstance(value, Estimate):
        return estimate_json(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def csv_cells(found: Estimate) -> list[str]:
    """Return value, low and high as cells; what is undefined is empty."""
    return [
        f"{one:.6f}" if math.isfinite(one) else "" for one in (found.value, found.low, found.high)
    ]
