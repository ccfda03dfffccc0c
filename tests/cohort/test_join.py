"""Several cohorts as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.cohort.test_lock import cohort_of, slice_of

from lumbargrade.cohort.join import join_cohorts
from lumbargrade.cohort.manifest import Cohort
from lumbargrade.errors import CohortError


def cohort(folder: str, series: str, simulated: bool = True) -> Cohort:
    made = cohort_of(slice_of("P1", series), simulated=simulated)
    return replace(made, folder=Path(folder), fingerprint=folder)


def test_one_cohort_stays_as_it_is() -> None:
    one = cohort("data/A", "1.1")
    assert join_cohorts([one]) is one


def test_patients_of_one_name_stay_apart() -> None:
    joined = join_cohorts([cohort("data/A", "1.1"), cohort("more/B", "2.1", simulated=False)])
    assert [one.patient_id for one in joined.slices] == ["A/P1", "B/P1"]
    assert joined.simulated
    assert joined.folder == Path("A+B")
    other = join_cohorts([cohort("data/A", "1.1"), cohort("C", "2.1")])
    assert other.fingerprint != joined.fingerprint


def test_two_folders_of_one_name_are_refused() -> None:
    with pytest.raises(CohortError, match="two cohorts are named A"):
        join_cohorts([cohort("data/A", "1.1"), cohort("more/A", "2.1")])


def test_a_picture_in_two_cohorts_is_refused() -> None:
    with pytest.raises(CohortError, match=r"UID 1\.1\.1 is in data/A and in B"):
        join_cohorts([cohort("data/A", "1.1"), cohort("B", "1.1")])
