"""Measures of two measurers as plain data: part of ``evaluation.json``."""

from __future__ import annotations

from typing import Any

from lumbargrade.evaluation.morphometry.measure_figures import MeasureFigures
from lumbargrade.statistics.format_estimates import plain


def measure_json(one: MeasureFigures) -> dict[str, Any]:
    """Return the figures of one measure; what is undefined is null."""
    return {
        "first": one.first,
        "second": one.second,
        "part": one.part,
        "measure": one.measure,
        "unit": one.unit,
        "values": len(one.values),
        "slices": one.slices,
        "patients": one.patients,
        "first_alone_measured": one.first_only,
        "second_alone_measured": one.second_only,
        "figures": plain(one.figures),
    }
