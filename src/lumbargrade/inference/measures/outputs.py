"""The measures that a grader gives beside its grades, as ``bundle.json`` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lumbargrade.inference.integrity.ranges import number
from lumbargrade.inference.measures.names import without_other_side


@dataclass(frozen=True)
class MeasureOutput:
    """One column of the output ``measures``, with its mean and spread in training (its unit)."""

    name: str
    mean: float
    spread: float


def measure_outputs_from(given: Any) -> tuple[MeasureOutput, ...]:
    """Return the measures of an entry ``measure_outputs``, in their order.

    Raises ValueError if it is no list of measures with name, mean and spread, names one twice,
    or has one side of a measure without the other, which it is in a mirror.
    """
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError(f"measure_outputs is {given!r}, not a list of measures")
    found = tuple(_measure(one["name"], one["mean"], one["spread"]) for one in given)
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise ValueError("measure_outputs names one twice")
    if alone := without_other_side(names):
        raise ValueError(f"measure_outputs has {alone[0]} without its other side")
    return found


def _measure(name: Any, mean: Any, spread: Any) -> MeasureOutput:
    if not (isinstance(name, str) and name):
        raise ValueError(f"measure_outputs has the name {name!r}, which is no text")
    return MeasureOutput(
        name, number(mean, "measure_outputs.mean"), number(spread, "measure_outputs.spread")
    )
