"""Agreement by chance: against permuted readings, which know nothing of the image."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lumbargrade.evaluation.measures.analytic_intervals import OF_TABLE
from lumbargrade.evaluation.measures.chance import (
    chance_levels,
    chance_levels_of_all,
    independent_table,
)
from lumbargrade.statistics.agreement.many_raters import (
    COEFFICIENTS,
    MISSING,
    add_up,
    coefficient,
    images_as_sums,
)
from lumbargrade.statistics.agreement.two_raters import confusion_table
from lumbargrade.su2022.published import article


def _graders() -> tuple[np.ndarray, np.ndarray]:
    """400 images; the second errs to higher grades, so the two have habits of their own."""
    rng = np.random.default_rng(4)
    first = rng.choice(4, 400, p=(0.7, 0.2, 0.07, 0.03))
    second = np.minimum(first + rng.choice(3, 400, p=(0.7, 0.2, 0.1)), 3)
    return first, second


def test_the_level_is_that_of_permuted_readings() -> None:
    first, second = _graders()
    rng = np.random.default_rng(9)
    tables = np.array([confusion_table(first, rng.permutation(second), 4) for _ in range(4000)])
    levels = chance_levels(confusion_table(first, second, 4))
    for name, (chance, weights) in COEFFICIENTS.items():
        permuted = OF_TABLE[chance][0](tables, weights)
        error = permuted.std() / math.sqrt(len(permuted))
        assert levels[name] == pytest.approx(permuted.mean(), abs=4 * error), name
    assert levels["ac1"] > 0.2
    assert levels["ac2_quadratic"] > levels["ac1"]


@pytest.mark.parametrize("name", ["kappa", "kappa_linear", "kappa_quadratic"])
def test_kappa_is_zero_by_construction(name: str) -> None:
    assert chance_levels(confusion_table(*_graders(), 4))[name] == pytest.approx(0, abs=1e-12)


def test_the_margins_stay() -> None:
    table = article().images["internal_test"]["LCCS"]
    expected = independent_table(table)
    assert expected.sum(0) == pytest.approx(table.sum(0))
    assert expected.sum(1) == pytest.approx(table.sum(1))


def test_of_a_frequent_grade_much_of_ac1_is_chance() -> None:
    # Of the article's internal LCCS, graders who never saw an image would have AC1 0.68 of 0.86.
    assert chance_levels(article().images["internal_test"]["LCCS"])["ac1"] == pytest.approx(
        0.68, abs=0.01
    )


def test_all_readers_at_once_are_like_permuted_readings_too() -> None:
    first, second = _graders()
    rng = np.random.default_rng(2)
    third = np.where(rng.random(400) < 0.5, rng.integers(0, 4, 400), MISSING)
    ratings = np.column_stack([first, second, third])
    levels = chance_levels_of_all(ratings, 4)
    drawn: dict[str, list[float]] = {name: [] for name in COEFFICIENTS}
    for _ in range(300):
        shuffled = ratings.copy()
        for column in shuffled.T:  # among the images that the reader read
            there = column != MISSING
            column[there] = rng.permutation(column[there])
        for name, (chance, weights) in COEFFICIENTS.items():
            sums = add_up(images_as_sums(shuffled, 4, weights), np.ones(400))
            drawn[name].append(float(coefficient(sums, weights, chance)))
    for name, values in drawn.items():
        error = float(np.std(values)) / math.sqrt(len(values))
        assert levels[name] == pytest.approx(np.mean(values), abs=4 * error), name


def test_of_two_readers_both_ways_give_the_same_ac1() -> None:
    first, second = _graders()
    table = chance_levels(confusion_table(first, second, 4))
    both = chance_levels_of_all(np.column_stack([first, second]), 4)
    assert both["ac1"] == pytest.approx(table["ac1"])
    assert both["ac2_linear"] == pytest.approx(table["ac2_linear"])
    assert abs(both["kappa"]) < 0.05  # Fleiss: one habit for both


def test_nothing_read_has_no_level() -> None:
    assert all(math.isnan(one) for one in chance_levels(np.zeros((4, 4))).values())
    alone = np.array([[0, MISSING], [MISSING, 1]])
    assert all(math.isnan(one) for one in chance_levels_of_all(alone, 4).values())
