"""The worse side: properties that hold for any probabilities."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.grading.sides import worse_side, worse_side_probabilities


@st.composite
def distributions(draw: st.DrawFn, grades: int = 4) -> tuple[float, ...]:
    weights = draw(st.lists(st.floats(0.001, 1.0), min_size=grades, max_size=grades))
    return tuple(weight / sum(weights) for weight in weights)


@given(distributions(), distributions())
def test_equals_the_sum_over_every_pair_of_grades(
    left: tuple[float, ...], right: tuple[float, ...]
) -> None:
    """By brute force: the pair (i, j) has the worse side max(i, j)."""
    expected = [0.0] * 4
    for i, j in itertools.product(range(4), range(4)):
        expected[max(i, j)] += left[i] * right[j]
    assert worse_side_probabilities(left, right) == pytest.approx(expected)


@given(distributions(), distributions())
def test_is_a_distribution_and_does_not_know_left_from_right(
    left: tuple[float, ...], right: tuple[float, ...]
) -> None:
    worse = worse_side_probabilities(left, right)
    assert sum(worse) == pytest.approx(1)
    assert min(worse) >= -1e-12
    assert worse == pytest.approx(worse_side_probabilities(right, left))


@given(distributions(), distributions())
def test_is_never_milder_than_a_side(left: tuple[float, ...], right: tuple[float, ...]) -> None:
    worse = worse_side_probabilities(left, right)
    for grade in range(1, 4):
        assert sum(worse[grade:]) >= max(sum(left[grade:]), sum(right[grade:])) - 1e-9


@given(distributions())
def test_a_healthy_side_leaves_the_other_as_it_is(left: tuple[float, ...]) -> None:
    assert worse_side_probabilities(left, (1.0, 0.0, 0.0, 0.0)) == pytest.approx(left)


@given(st.integers(0, 3), st.integers(0, 3))
def test_two_certain_sides_give_the_certain_maximum(left: int, right: int) -> None:
    certain = [tuple(float(k == grade) for k in range(4)) for grade in range(4)]
    assert worse_side_probabilities(certain[left], certain[right]) == certain[max(left, right)]


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ((1.0, 0.0), (1.0, 0.0, 0.0), "2 and 3 grades"),
        ((0.5, 0.4), (1.0, 0.0), "sum to 1"),
        ((1.0, 0.0), (1.5, -0.5), "sum to 1"),
        ((float("nan"), 1.0), (1.0, 0.0), "sum to 1"),
    ],
)
def test_what_are_no_probabilities_is_refused(
    left: tuple[float, ...], right: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        worse_side_probabilities(left, right)


@pytest.mark.parametrize(
    ("sides", "image"),
    [((0, 2), 2), ((3, 3), 3), ((0, None), None), ((None, 3), 3), ((None, None), None), ((), None)],
)
def test_the_worse_side_is_known_only_where_it_cannot_change(
    sides: tuple[int | None, ...], image: int | None
) -> None:
    assert worse_side(sides, 3) == image
