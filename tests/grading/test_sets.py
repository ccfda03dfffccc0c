from __future__ import annotations

from itertools import product

import pytest

from lumbargrade.grading.finding import Finding
from lumbargrade.grading.sets import needs_reader, set_in_words, worst_set
from lumbargrade.grading.system import DICHOTOMIES


@pytest.mark.parametrize(
    ("grades", "asked"),
    [
        ((), False), ((1,), False), ((2,), False), ((0, 1), False), ((2, 3), False),
        ((1, 2), True), ((0, 1, 2), True), ((1, 2, 3), True), ((0, 1, 2, 3), True),
        ((2, 3, 4), True),
    ],
)  # fmt: skip
def test_a_reader_is_asked_across_the_boundary_and_of_wide_sets(
    grades: tuple[int, ...], asked: bool
) -> None:
    assert needs_reader(grades) is asked
    assert Finding("LDH", None, grades[0] if grades else 0, grade_set=grades).ask_reader is asked


def test_the_boundary_is_that_of_the_marked_grades() -> None:
    marked = DICHOTOMIES["marked"]
    assert needs_reader((marked - 1, marked))
    assert not needs_reader((marked, marked + 1))


def test_the_worst_lies_in_the_worst_set() -> None:
    intervals = [tuple(range(a, b + 1)) for a, b in product(range(4), repeat=2) if a <= b]
    for left, right in product(intervals, repeat=2):
        found = worst_set((left, right))
        possible = {max(pair) for pair in product(left, right)}
        assert set(found) == possible


def test_an_unknown_set_leaves_the_worst_unknown() -> None:
    assert worst_set([(1, 2), ()]) == ()
    assert worst_set([]) == ()


@pytest.mark.parametrize(
    ("grades", "words"),
    [((), ""), ((2,), "2"), ((0, 1), "0 or 1"), ((1, 2, 3), "1 to 3")],
)
def test_sets_are_said_in_words(grades: tuple[int, ...], words: str) -> None:
    assert set_in_words(grades) == words
