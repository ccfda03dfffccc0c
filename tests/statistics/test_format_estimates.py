"""Estimates as text."""

from __future__ import annotations

from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import csv_cells, estimate_json, number, show

NAN = float("nan")


def test_show() -> None:
    assert show(Estimate(0.5, NAN, NAN)) == "0.50 (no interval)"
    assert show(Estimate(NAN, NAN, NAN)) == "not defined"
    assert show(Estimate(0.812, 0.79, 0.831)) == "0.81 (0.79 to 0.83)"
    assert show(Estimate(-0.001, -0.016, 0.004)) == "0.00 (-0.02 to 0.00)"


def test_number() -> None:
    assert (number(84.15, 1), number(-0.04, 1), number(NAN, 1)) == ("84.2", "0.0", "-")


def test_undefined_is_null_and_empty() -> None:
    assert csv_cells(Estimate(0.5, NAN, 1)) == ["0.500000", "", "1.000000"]
    found = estimate_json(Estimate(0.1234567, NAN, NAN, undefined=3))
    assert found == {"value": 0.123457, "low": None, "high": None, "undefined_resamples": 3}
