from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.evaluation.measures.readers import overall
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.report.reached_level import (
    COLUMNS,
    benchmark_json,
    benchmark_rows,
    error_of,
    level_cell,
)
from lumbargrade.statistics.agreement.benchmark import level_of
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix

RNG = np.random.default_rng(3)
TRUTH = RNG.integers(0, 4, 90)
READ = np.where(RNG.random((90, 2)) < 0.9, TRUTH[:, None], RNG.integers(0, 4, (90, 2)))


def matrix(patients: int) -> ReadingsMatrix:
    names = np.repeat([f"P{number:02d}" for number in range(patients)], 90 // patients)
    return ReadingsMatrix(("A", "B"), READ, names, 4)


PART = overall(matrix(30), Options(resamples=300))


def test_the_error_is_that_over_patients() -> None:
    row = PART.coefficients[0]
    assert error_of(row) == pytest.approx(0.035, abs=0.02)
    assert level_cell(row) == level_of(row.resampled.value, error_of(row)) != ""


def test_rows_and_json_say_the_same() -> None:
    rows = list(benchmark_rows("LDH", "A / B", PART, {name: name for name in COEFFICIENTS}))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    found = benchmark_json(PART.coefficients[0])
    assert list(found) == ["landis_koch", "altman", "fleiss"]
    of_first = [row for row in rows if row[2:4] == ["ac1", "altman"]]
    assert {row[4] for row in of_first} == {found["altman"]["reached"]}
    assert [float(row[7]) for row in of_first] == list(found["altman"]["or_better"].values())


def test_without_an_interval_no_class_is_reached() -> None:
    few = overall(matrix(9), Options(resamples=50)).coefficients[0]
    assert level_cell(few) == "-"
    assert benchmark_json(few)["fleiss"] == {"reached": None, "or_better": {}}
    assert (
        list(
            benchmark_rows(
                "LDH",
                "A / B",
                overall(matrix(9), Options(50)),
                {name: name for name in COEFFICIENTS},
            )
        )
        == []
    )
