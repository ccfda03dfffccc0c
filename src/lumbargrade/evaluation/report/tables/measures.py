"""The table of measures in mm: two measurers of the same slices."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.evaluation.morphometry.measure_figures import MeasureFigures
from lumbargrade.evaluation.morphometry.measurer import digits_of, title_of
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import no_interval, number, show
from lumbargrade.statistics.patients import ENOUGH_PATIENTS

_IN_ITS_UNIT = {
    "bias": "bias",
    "lower_limit": "lower limit",
    "upper_limit": "upper limit",
    "median_distance": "median absolute difference",
}


def measures_tables(found: Sequence[MeasureFigures]) -> list[TextTable]:
    """Return the table; none without measures."""
    return [measures_table(found)] if found else []


def measures_table(found: Sequence[MeasureFigures]) -> TextTable:
    """Return bias, limits of agreement, median difference and ICC of every measure."""
    rows = [
        {
            "first": one.first,
            "second": one.second,
            "group": one.part,
            "measure": title_of(one.measure),
            "unit": one.unit,
            "values": str(len(one.values)),
            "slices": str(one.slices),
            "patients": str(one.patients),
            **{
                title: _show(one.figures[name], digits_of(one.unit))
                for name, title in _IN_ITS_UNIT.items()
            },
            "ICC(2,1)": show(one.figures["icc"]),
            "only first": str(one.first_only),
            "only second": str(one.second_only),
        }
        for one in found
    ]
    return table_of(
        "measure-agreement",
        "Agreement of measures",
        rows,
        "First less second, in the unit of the measure; a measure with sides has two values in a "
        "slice. Limits of agreement: 95 % of the differences, from the variance within and between "
        "patients (Bland and Altman 2007), their intervals by Zou (2013). ICC(2,1): two-way "
        "random, absolute agreement (Shrout and Fleiss 1979); it grows with the spread of the "
        "values, so read it beside the limits. Only first, only second: values that only one of "
        "the two has; they are not compared. No "
        f"interval: fewer than {ENOUGH_PATIENTS} patients, or no variation.",
    )


def _show(found: Estimate, digits: int) -> str:
    value, low, high = (number(one, digits) for one in (found.value, found.low, found.high))
    if value == "-":
        return "not defined"
    return f"{value} ({no_interval(found)})" if low == "-" else f"{value} ({low} to {high})"
