"""Against irrCAC (Gwet's own program) in R and Python: its tests and its vignette."""

from __future__ import annotations

import math

import pytest

from lumbargrade.statistics.agreement.benchmark import SCALES, level_of, memberships


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("landis_koch", [0.18168, 0.67511, 0.96356, 0.99912, 1.0, 1.0]),
        ("altman", [0.18168, 0.67511, 0.96356, 0.99912, 1.0]),
        ("fleiss", [0.28699, 0.96356, 1.0]),
    ],
)
def test_cumulative_probabilities_are_those_of_irrcac(scale: str, expected: list[float]) -> None:
    """The case of its own tests: a coefficient of 0.67 with a standard error of 0.15."""
    found = memberships(0.67, 0.15, scale)
    assert [round(one.or_better, 5) for one in found] == expected
    assert [one.lowest for one in found] == [lowest for _, lowest in SCALES[scale]]


@pytest.mark.parametrize(
    ("scale", "word"),
    [("landis_koch", "moderate"), ("altman", "moderate"), ("fleiss", "intermediate to good")],
)
def test_the_handbooks_four_raters_are_called_as_in_the_vignette(scale: str, word: str) -> None:
    """AC1 0.77544, standard error 0.14295: within 0.6 to 0.8, and not sure to be there."""
    assert level_of(0.77544, 0.14295, scale) == word


def test_a_surer_coefficient_reaches_a_better_class() -> None:
    assert level_of(0.77544, 0.01) == "substantial"


@pytest.mark.parametrize("error", [0.0, math.nan])
def test_without_an_error_nothing_is_called(error: float) -> None:
    assert memberships(0.7, error) == ()
    assert level_of(0.7, error) == ""
