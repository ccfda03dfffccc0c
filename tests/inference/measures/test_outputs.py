"""Measures in bundle.json: each needs a name, a mean and a spread, and a side its other side."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lumbargrade.inference.measures.outputs import MeasureOutput, measure_outputs_from

BULGE = {"name": "bulge_mm", "mean": -1, "spread": 2.5}


def test_measures_keep_their_order() -> None:
    sides = [
        {"name": f"root_gap_{side}_mm", "mean": 0.5, "spread": 1} for side in ("right", "left")
    ]
    found = measure_outputs_from([*sides, BULGE])
    assert [one.name for one in found] == ["root_gap_right_mm", "root_gap_left_mm", "bulge_mm"]
    assert found[-1] == MeasureOutput("bulge_mm", -1.0, 2.5)
    assert measure_outputs_from([]) == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "not a list of measures"),
        ("bulge_mm", "not a list of measures"),
        ([BULGE, BULGE], "names one twice"),
        ([{**BULGE, "name": "root_gap_left_mm"}], "root_gap_left_mm without its other side"),
        ([{**BULGE, "name": None}], "the name None, which is no text"),
        ([{**BULGE, "name": ""}], "the name '', which is no text"),
        ([{**BULGE, "mean": math.nan}], "mean is nan, not a number from"),
        ([{**BULGE, "mean": "3"}], "mean is '3'"),
        ([{**BULGE, "spread": True}], "spread is True"),
        ([{**BULGE, "spread": 0.0}], r"spread is 0\.0"),
        ([{**BULGE, "spread": math.inf}], "spread is inf"),
    ],
)
def test_what_is_no_measure_is_refused(given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure_outputs_from(given)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(KeyError, match="spread"):
        measure_outputs_from([{"name": "bulge_mm", "mean": 0}])
