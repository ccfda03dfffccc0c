"""Several raters with missing ratings, against Gwet's published example."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.statistics.agreement.many_raters import (
    MISSING,
    Chance,
    add_up,
    add_up_without,
    coefficient,
    coefficient_pull,
    images_as_sums,
    published_pull,
)
from lumbargrade.statistics.agreement.two_raters import confusion_table, gwet, gwet_pull
from lumbargrade.statistics.agreement.weights import WEIGHTS, Weights
from lumbargrade.statistics.bootstrap import cluster_error, student_interval

NA = 0
HANDBOOK = (
    np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3],
            [NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA],
        ]
    ).T
    - 1
)
"""Gwet's handbook: 12 units, four raters, five categories (there 1-5), with gaps."""


def _value(
    ratings: np.ndarray, weights: Weights = "identity", chance: Chance = "gwet", grades: int = 5
) -> float:
    images = images_as_sums(ratings, grades, weights)
    return float(coefficient(add_up(images, np.ones(len(ratings))), weights, chance))


@pytest.mark.parametrize(
    ("chance", "value", "error"), [("gwet", 0.77544, 0.14295), ("fleiss", 0.76117, 0.15302)]
)
def test_published_coefficients_of_four_raters(chance: Chance, value: float, error: float) -> None:
    images = images_as_sums(HANDBOOK, 5, "identity")
    assert _value(HANDBOOK, chance=chance) == pytest.approx(value, abs=5e-6)
    found = cluster_error(published_pull(images, "identity", chance), np.arange(12))
    assert found == pytest.approx(error, abs=5e-6)


def test_published_interval_of_four_raters() -> None:
    pull = published_pull(images_as_sums(HANDBOOK, 5, "identity"), "identity")
    found = student_interval(_value(HANDBOOK), cluster_error(pull, np.arange(12)), 12)
    assert found == pytest.approx((0.46081, 1.0), abs=1e-5)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_two_raters_without_gaps_are_those_of_the_table(weights: Weights) -> None:
    rng = np.random.default_rng(3)
    first = rng.choice(4, 300, p=(0.6, 0.2, 0.15, 0.05))
    second = np.clip(first + rng.choice((-1, 0, 1), 300, p=(0.1, 0.8, 0.1)), 0, 3)
    table, ratings = confusion_table(first, second, 4), np.stack([first, second], 1)
    assert _value(ratings, weights, grades=4) == pytest.approx(float(gwet(table, weights)))
    pull = coefficient_pull(images_as_sums(ratings, 4, weights), weights)
    assert pull == pytest.approx(gwet_pull(table, weights)[first, second])
    published = published_pull(images_as_sums(ratings, 4, weights), weights)
    assert published == pytest.approx(pull)


@pytest.mark.parametrize("chance", ["gwet", "fleiss"])
@pytest.mark.parametrize("weights", WEIGHTS)
def test_pull_is_the_slope_of_the_coefficient(weights: Weights, chance: Chance) -> None:
    images = images_as_sums(HANDBOOK, 5, weights)
    pull = coefficient_pull(images, weights, chance)
    assert pull.sum() == pytest.approx(0, abs=1e-9)
    for image in range(12):
        more = np.full(12, (1 - 1e-6) / 12)
        more[image] += 1e-6
        moved = float(coefficient(add_up(images, more), weights, chance))
        slope = (moved - _value(HANDBOOK, weights, chance)) / 1e-6
        assert slope == pytest.approx(pull[image], abs=1e-4)


def test_with_gaps_the_pull_has_the_error_of_resampling_and_the_published_is_wider() -> None:
    rng = np.random.default_rng(4)
    truth = rng.choice(4, 600, p=(0.6, 0.2, 0.15, 0.05))[:, None]
    ratings = np.clip(truth + rng.choice((-1, 0, 1), (600, 3), p=(0.1, 0.8, 0.1)), 0, 3)
    ratings[rng.random((600, 3)) < 0.4] = MISSING
    ratings = ratings[(ratings != MISSING).any(1)]
    images, number = images_as_sums(ratings, 4, "linear"), len(ratings)
    drawn = rng.multinomial(number, np.full(number, 1 / number), size=2000).astype(float)
    spread = coefficient(add_up(images, drawn), "linear").std()
    error = cluster_error(coefficient_pull(images, "linear"), np.arange(number))
    assert error == pytest.approx(spread, rel=0.06)
    assert cluster_error(published_pull(images, "linear"), np.arange(number)) > 1.3 * spread


def test_an_image_read_once_counts_for_chance_alone() -> None:
    ratings = np.array([[0, 0], [1, 1], [0, 1], [2, MISSING]])
    images = images_as_sums(ratings, 4, "identity")
    assert images.paired.tolist() == [1, 1, 1, 0]
    assert images.rated.tolist() == [1, 1, 1, 1]
    assert _value(ratings, grades=4) != pytest.approx(_value(ratings[:3], grades=4))


def test_many_groups_at_once_equal_one_by_one() -> None:
    images = images_as_sums(HANDBOOK, 5, "ordinal")
    times = np.random.default_rng(0).integers(0, 3, (6, 12)).astype(float)
    for chance in ("gwet", "fleiss"):
        at_once = coefficient(add_up(images, times), "ordinal", chance)
        alone = [coefficient(add_up(images, row), "ordinal", chance) for row in times]
        assert at_once == pytest.approx(np.array(alone))


def test_nothing_read_twice_is_undefined() -> None:
    ratings = np.array([[0, MISSING], [MISSING, 1]])
    assert np.isnan(_value(ratings, grades=4))
    images = images_as_sums(ratings, 4, "identity")
    assert np.isnan(coefficient_pull(images, "identity")).all()
    assert np.isnan(published_pull(images, "identity")).all()


def test_one_grade_alone_has_no_kappa_and_full_ac1() -> None:
    ratings = np.zeros((10, 3), dtype=np.int64)
    assert np.isnan(_value(ratings, chance="fleiss", grades=4))
    assert _value(ratings, grades=4) == 1


def test_sums_without_each_patient_are_those_of_the_others() -> None:
    rng = np.random.default_rng(6)
    ratings, patients = rng.integers(-1, 4, (20, 3)), rng.integers(0, 5, 20).astype(str)
    images = images_as_sums(ratings, 4, "linear")
    left = coefficient(add_up_without(images, patients), "linear")
    for number, name in enumerate(np.unique(patients)):
        others = images_as_sums(ratings[patients != name], 4, "linear")
        value = coefficient(add_up(others, np.ones(len(others.agreed))), "linear")
        assert left[number] == pytest.approx(float(value))
