"""A line of Tables 3 and 4 from any table of counts, against scikit-learn and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import t
from sklearn.metrics import precision_recall_fscore_support, recall_score

from lumbargrade.su2022.table_cells import independent_interval, paper_row, prints_as

TABLES = st.lists(st.integers(1, 40), min_size=16, max_size=16).map(
    lambda counts: np.array(counts, np.int64).reshape(4, 4)
)


def readings(table: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The grades of reference and model that a table counts."""
    reference, model = np.indices(table.shape)
    counts = table.ravel()
    return np.repeat(reference.ravel(), counts), np.repeat(model.ravel(), counts)


@given(TABLES)
def test_precision_and_f1_are_weighted_as_in_scikit_learn(table: NDArray[np.int64]) -> None:
    row = paper_row(table)
    reference, model = readings(table)
    precision, _, f1, _ = precision_recall_fscore_support(
        reference, model, average="weighted", zero_division=0
    )
    assert row.precision == pytest.approx(100 * precision)
    assert row.f1 == pytest.approx(100 * f1)
    each, _, f1s, _ = precision_recall_fscore_support(reference, model, zero_division=0)
    assert [pair[0] for pair in row.per_grade] == pytest.approx(list(100 * each))
    assert [pair[1] for pair in row.per_grade] == pytest.approx(list(100 * f1s))


@given(TABLES)
def test_sensitivity_and_specificity_are_of_grade_0_against_the_rest(
    table: NDArray[np.int64],
) -> None:
    row = paper_row(table)
    reference, model = readings(table)
    found = recall_score(reference > 0, model > 0, average=None)
    assert (row.specificity, row.sensitivity) == pytest.approx(tuple(100 * found))
    assert row.accuracy == pytest.approx(100 * float(np.mean(reference == model)))


def test_k_by_hand() -> None:
    """Two grades of four in use: agreement 0.8; chance 2 * 0.35 * 0.65 over q - 1 = 3 ..."""
    table = np.zeros((4, 4), np.int64)
    table[0, 0], table[0, 1], table[1, 1] = 50, 20, 30
    shares = np.array([(70 + 50) / 200, (30 + 50) / 200, 0, 0])
    chance = float(np.sum(shares * (1 - shares))) / 3
    assert paper_row(table).k == pytest.approx((0.8 - chance) / (1 - chance))


def test_a_grade_that_nobody_gives_has_no_precision() -> None:
    table = np.diag([10, 5, 3, 0]).astype(np.int64)
    row = paper_row(table)
    assert math.isnan(row.per_grade[3][0])
    assert row.precision == row.accuracy == pytest.approx(100)
    cells = row.cells()
    assert len(cells) == 6 + 2 * 4
    assert cells["f1 of grade 1"] == row.per_grade[1][1]
    assert cells["k"] == row.k


def test_the_interval_is_students_and_narrows_with_the_square_root() -> None:
    table = np.array([[40, 5, 0, 0], [6, 20, 3, 0], [0, 4, 10, 1], [0, 0, 2, 9]], np.int64)
    low, high = independent_interval(table)
    assert (low + high) / 2 == pytest.approx(paper_row(table).k)
    wide, narrow = independent_interval(table, 0.95), independent_interval(table, 0.90)
    degrees = int(table.sum()) - 1
    ratio = t.ppf(0.975, degrees) / t.ppf(0.95, degrees)
    assert (wide[1] - wide[0]) / (narrow[1] - narrow[0]) == pytest.approx(ratio)
    larger = independent_interval(100 * table)
    assert (larger[1] - larger[0]) == pytest.approx((high - low) / 10, rel=0.03)


@pytest.mark.parametrize(
    ("value", "printed", "digits", "same"),
    [
        (84.25, 84.2, 1, True),
        (84.25, 84.3, 1, True),
        (84.26, 84.2, 1, False),
        (0.855, 0.85, 2, True),
        (0.8563, 0.85, 2, False),
        (-0.004, 0.0, 2, True),
    ],
)
def test_an_exact_half_may_go_either_way(
    value: float, printed: float, digits: int, same: bool
) -> None:
    assert prints_as(value, printed, digits) is same
