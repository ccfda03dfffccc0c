"""Faults are gathered, each once, and told one a line."""

from __future__ import annotations

import pytest

from lumbargrade.errors import CohortError
from lumbargrade.readings.faults import SHOWN, Faults


def test_without_faults_nothing_happens() -> None:
    faults = Faults()
    faults.check(CohortError)
    assert len(faults) == 0


def test_each_fault_is_told_once_in_its_order() -> None:
    faults = Faults()
    faults.add("b.csv row 2", "is wrong")
    faults.add("a.csv row 1", "is worse")
    faults.add("b.csv row 2", "is wrong")
    assert len(faults) == 2
    with pytest.raises(
        CohortError,
        match=r"^2 faults, nothing was written:\n  b.csv row 2: is wrong\n  a.csv row 1: is worse$",
    ):
        faults.check(CohortError)


def test_of_many_faults_the_others_are_counted() -> None:
    faults = Faults()
    for row in range(SHOWN + 3):
        faults.add(f"row {row}", "is wrong")
    with pytest.raises(CohortError, match=r"(?s)^13 faults.*row 9: is wrong\n  ... and 3 more$"):
        faults.check(CohortError)


def test_one_fault_is_one_fault() -> None:
    faults = Faults()
    faults.add("row 1", "is wrong")
    with pytest.raises(CohortError, match=r"^1 fault, nothing was written: row 1: is wrong$"):
        faults.check(CohortError)
