from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from lumbargrade.statistics.agreement.two_raters import cohen, cohen_pull, table_error
from lumbargrade.statistics.reader_studies.over_readers import OverReaders
from lumbargrade.statistics.reader_studies.study_size import (
    Pilot,
    Wish,
    for_test,
    patients_needed,
    smallest,
)


def two_by_two(rate: float, kappa: float) -> np.ndarray:
    """The table of two raters who both call ``rate`` positive, with a kappa."""
    chance = rate**2 + (1 - rate) ** 2
    both = (kappa * (1 - chance) + chance - 1 + 2 * rate) / 2
    return np.array([[both, rate - both], [rate - both, 1 - 2 * rate + both]])


def spread(table: np.ndarray) -> float:
    """Standard error of kappa for one image, by Fleiss, Cohen and Everitt."""
    return float(table_error(table, cohen_pull(table)))


def test_the_size_for_a_kappa_is_that_of_irr() -> None:
    """``irr::N.cohen.kappa(0.5, 0.5, 0.7, 0.85)`` prints 96 (formula of Cantor 1996)."""
    true, null = two_by_two(0.5, 0.7), two_by_two(0.5, 0.85)
    assert float(cohen(true)) == pytest.approx(0.7)
    assert for_test(spread(null), spread(true), 0.15) == 96


def test_the_pilot_itself_has_the_error_that_was_found() -> None:
    found = OverReaders(0.7, 5, 0.004, 0.002, 0.0005)
    assert Pilot.of(found, 60).error(60, 5) == pytest.approx(found.like_these_error)
    assert Pilot.of(found, 60).freedom(60, 5) == pytest.approx(found.like_these_freedom)
    assert Pilot.of(found, 60, random_readers=False).error(60, 5) == pytest.approx(
        found.these_error
    )


def test_more_readers_and_more_patients_are_surer() -> None:
    pilot = Pilot(60, 0.002, 0.001, 0.0005)
    assert pilot.error(60, 10) < pilot.error(60, 5)
    assert pilot.error(120, 5) < pilot.error(60, 5)
    assert pilot.error(10**9, 5) == pytest.approx(math.sqrt(0.002 / 5), rel=1e-3)


def test_the_width_is_just_granted() -> None:
    pilot, wish = Pilot(60, 0.0, 0.0, 0.0008), Wish(width=0.1)
    patients = patients_needed(pilot, 2, wish)
    assert patients is not None
    width = [
        2 * float(stdtrit(number - 1, 0.975)) * pilot.error(number, 2)
        for number in (patients, patients - 1)
    ]
    assert width[0] <= 0.1 < width[1]
    # By hand: (2 * 1.96 / 0.1)^2 * 0.0008 * 60 = 74 patients, some more for Student's quantile.
    assert 74 <= patients <= 78


def test_a_margin_needs_what_the_textbook_says() -> None:
    """(1.96 + 0.84)^2 * 0.03 / 0.05^2 = 94 patients, some more for Student's quantile."""
    patients = patients_needed(Pilot(50, 0.0, 0.0, 0.03 / 50), 3, Wish(margin=0.05))
    assert patients is not None
    assert 94 <= patients <= 98
    surer = patients_needed(Pilot(50, 0.0, 0.0, 0.03 / 50), 3, Wish(margin=0.05, power=0.9))
    assert surer is not None
    assert surer > patients


def test_too_few_readers_are_never_enough() -> None:
    pilot = Pilot(60, 0.01, 0.001, 0.0005)
    assert patients_needed(pilot, 3, Wish(width=0.05)) is None
    assert patients_needed(pilot, 1, Wish(width=0.5)) is None  # one reader tells of no others


def test_the_smallest_number_is_found_at_both_ends() -> None:
    assert smallest(lambda number: True, 10, 100) == 10
    assert smallest(lambda number: number >= 100, 10, 100) == 100
    assert smallest(lambda number: False, 10, 100) is None
