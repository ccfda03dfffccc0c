"""Every figure that a table shows has a name."""

from __future__ import annotations

from tests.evaluation.report.usual import usual

from lumbargrade.evaluation.measures.comparison import COMPARED
from lumbargrade.evaluation.report.labels import (
    COEFFICIENT_NAMES,
    DICHOTOMY_NAMES,
    FIGURE_NAMES,
)
from lumbargrade.grading.system import DICHOTOMIES
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS


def test_names_are_those_of_the_keys_and_differ() -> None:
    assert DICHOTOMY_NAMES.keys() == DICHOTOMIES.keys()
    assert COEFFICIENT_NAMES.keys() == COEFFICIENTS.keys()
    assert set(COMPARED) <= FIGURE_NAMES.keys() <= usual().figures[0].figures.keys()
    assert len(set(FIGURE_NAMES.values())) == len(FIGURE_NAMES)


def test_a_dichotomy_is_named_by_the_grades_on_both_sides() -> None:
    for key, lowest in DICHOTOMIES.items():
        first, second = DICHOTOMY_NAMES[key].split(" / ")
        assert int(first[-1]) == lowest - 1
        assert int(second[0]) == lowest
