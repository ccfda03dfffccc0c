"""Measures as plain data."""

from __future__ import annotations

import json

import numpy as np

from lumbargrade.evaluation.morphometry.measure_figures import FIGURES, MeasureFigures
from lumbargrade.evaluation.report.json_measures import measure_json
from lumbargrade.statistics.bootstrap import Estimate

NAN = float("nan")


def test_what_is_undefined_is_null() -> None:
    figures = {name: Estimate(1.5, 1.0, NAN) for name in FIGURES} | {"icc": Estimate(NAN, NAN, NAN)}
    one = MeasureFigures(
        "sac_area_mm2", "mm2", "net 1", "Ann", "internal test", np.ones((4, 2)), 4, 3, 2, 1, figures
    )
    data = json.loads(json.dumps(measure_json(one), allow_nan=False))
    assert data.pop("figures") == {
        name: {
            "value": None if name == "icc" else 1.5,
            "low": None if name == "icc" else 1.0,
            "high": None,
            "undefined_resamples": 0,
        }
        for name in FIGURES
    }
    assert data == {
        "first": "net 1",
        "second": "Ann",
        "part": "internal test",
        "measure": "sac_area_mm2",
        "unit": "mm2",
        "values": 4,
        "slices": 4,
        "patients": 3,
        "first_alone_measured": 2,
        "second_alone_measured": 1,
    }
