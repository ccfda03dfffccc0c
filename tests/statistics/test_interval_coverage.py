"""The intervals hold the truth as often as they say; ``benchmarks coverage`` is the long run."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.coverage import Cell, table
from benchmarks.coverage_cohorts import SCENARIOS, simulate
from lumbargrade.evaluation.measures.analytic_intervals import ByFormula, by_formula
from lumbargrade.evaluation.records import Readings
from lumbargrade.statistics.proportions import clustered_share

REPEATS, PATIENTS = 150, 40
THREE_ERRORS = 3 * np.sqrt(0.95 * 0.05 / REPEATS)


def _readings(seed: tuple[int, int], patients: int) -> Readings:
    cohort = simulate(np.random.default_rng(seed), patients, SCENARIOS["common"])
    return Readings.of(cohort.first, 4, "LDH")


@pytest.fixture(scope="module")
def truth() -> dict[str, float]:
    whole = _readings((0, 0), 4000)
    found = {name: one.clustered.value for name, one in by_formula(whole, 4).items()}
    return {**found, "accuracy": float((whole.reference == whole.predicted).mean())}


@pytest.fixture(scope="module")
def found() -> list[tuple[dict[str, ByFormula], tuple[float, float]]]:
    cohorts = [_readings((1, repeat), PATIENTS) for repeat in range(REPEATS)]
    shares = [clustered_share(one.reference == one.predicted, one.patients) for one in cohorts]
    formulas = [by_formula(one, 4) for one in cohorts]
    return [(one, (share.low, share.high)) for one, share in zip(formulas, shares, strict=True)]


@pytest.mark.parametrize("figure", ["ac1", "ac2_quadratic", "kappa_linear", "auc_marked"])
def test_intervals_by_patient_cover(
    found: list[tuple[dict[str, ByFormula], tuple[float, float]]],
    truth: dict[str, float],
    figure: str,
) -> None:
    ends = [(one[figure].clustered.low, one[figure].clustered.high) for one, _ in found]
    held = np.mean([low <= truth[figure] <= high for low, high in ends])
    assert abs(held - 0.95) < THREE_ERRORS


def test_the_accuracy_covers(
    found: list[tuple[dict[str, ByFormula], tuple[float, float]]], truth: dict[str, float]
) -> None:
    held = np.mean([low <= truth["accuracy"] <= high for _, (low, high) in found])
    assert abs(held - 0.95) < THREE_ERRORS


@pytest.mark.parametrize("figure", ["ac1", "kappa_linear", "auc_marked"])
def test_intervals_of_independent_images_do_not(
    found: list[tuple[dict[str, ByFormula], tuple[float, float]]],
    truth: dict[str, float],
    figure: str,
) -> None:
    ends = [(one[figure].independent.low, one[figure].independent.high) for one, _ in found]
    held = np.mean([low <= truth[figure] <= high for low, high in ends])
    assert held < 0.95 - THREE_ERRORS / 3


def test_the_table_tells_which_fall_short_and_which_are_seldom_printed() -> None:
    cells = [
        Cell("a", "common", 20, 1000, 1000, 880),
        Cell("a", "rare", 20, 1000, 1000, 950),
        Cell("b", "rare", 20, 1000, 90, 90),
        Cell("b", "common", 20, 1000, 1000, 990),
    ]
    assert [one.verdict for one in cells] == [
        "too narrow",
        "within",
        "seldom printed",
        "too wide",
    ]
    assert list(table(cells))[2:] == ["| a | 92 (88-95) |", "| b | 99 (99-99) |"]
    assert list(table(cells[2:3]))[2] == "| b | no interval |"
