"""The table of measures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lumbargrade.evaluation.morphometry.measure_figures import FIGURES, MeasureFigures
from lumbargrade.evaluation.report.tables.measures import measures_tables
from lumbargrade.statistics.bootstrap import Estimate

NAN = float("nan")
FOUND = [Estimate(0.25, -1.06, 2.04), *[Estimate(3.449, NAN, NAN)] * 3, Estimate(0.912, 0.8, 0.95)]
AREA = MeasureFigures(
    measure="sac_area_mm2",
    unit="mm2",
    first="net 1",
    second="Ann",
    part="internal test",
    values=np.ones((12, 2)),
    slices=12,
    patients=6,
    first_only=3,
    second_only=1,
    figures=dict(zip(FIGURES, FOUND, strict=True)),
)


def test_a_row_for_each_measure_with_the_decimals_of_its_unit() -> None:
    share = replace(
        AREA,
        measure="root_share",
        unit="1",
        figures=dict.fromkeys(FIGURES, Estimate(NAN, NAN, NAN)),
    )
    (table,) = measures_tables([AREA, share])
    first, second = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert table.name == "measure-agreement"
    assert first == {
        "first": "net 1",
        "second": "Ann",
        "group": "internal test",
        "measure": "sac area",
        "unit": "mm2",
        "values": "12",
        "slices": "12",
        "patients": "6",
        "bias": "0.2 (-1.1 to 2.0)",
        "lower limit": "3.4 (no interval)",
        "upper limit": "3.4 (no interval)",
        "median absolute difference": "3.4 (no interval)",
        "ICC(2,1)": "0.91 (0.80 to 0.95)",
        "only first": "3",
        "only second": "1",
    }
    assert second["bias"] == second["ICC(2,1)"] == "not defined"


def test_without_measures_there_is_no_table() -> None:
    assert measures_tables([]) == []
