"""Levels of chance as cells and plain data."""

from __future__ import annotations

import math

from lumbargrade.evaluation.report.chance import level_cell, levels_json


def test_what_is_undefined_is_empty_or_null() -> None:
    assert [level_cell(one) for one in (0.25, -0.5, 0.0)] == ["0.250000", "-0.500000", "0.000000"]
    assert [level_cell(one) for one in (None, math.nan)] == ["", ""]
    assert levels_json({"ac1": 1 / 3, "kappa": math.nan}) == {"ac1": 0.333333, "kappa": None}
