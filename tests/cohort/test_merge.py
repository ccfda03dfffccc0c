"""Several cohorts as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.cohort.split.test_leakage import cohort_of, slice_of

from lumbargrade.cohort.merge import join_cohorts, shared_names
from lumbargrade.cohort.read import Cohort
from lumbargrade.errors import CohortError
from lumbargrade.study.likeness.perceptual_hash import picture_code


def cohort(folder: str, series: str, simulated: bool = True) -> Cohort:
    made = cohort_of(slice_of("P1", series), simulated=simulated)
    return replace(made, folder=Path(folder), fingerprint=folder)


def test_one_cohort_stays_as_it_is() -> None:
    one = cohort("data/A", "1.1")
    assert join_cohorts([one]) is one


def test_patients_of_one_name_stay_apart() -> None:
    joined = join_cohorts([cohort("data/A", "1.1"), cohort("more/B", "2.1", simulated=False)])
    assert [one.patient_id for one in joined.slices] == ["A/P1", "B/P1"]
    assert [one.site for one in joined.slices] == ["A", "B"]
    assert joined.simulated
    assert joined.folder == Path("A+B")
    other = join_cohorts([cohort("data/A", "1.1"), cohort("C", "2.1")])
    assert other.fingerprint != joined.fingerprint


def test_two_folders_of_one_name_are_refused() -> None:
    with pytest.raises(CohortError, match="two cohorts are named A"):
        join_cohorts([cohort("data/A", "1.1"), cohort("more/A", "2.1")])


def test_a_picture_in_two_cohorts_is_refused() -> None:
    with pytest.raises(CohortError, match=r"1\.1\.1 is in data/A and in B: give cohorts that"):
        join_cohorts([cohort("data/A", "1.1"), cohort("B", "1.1")])


def test_a_series_in_two_cohorts_is_refused() -> None:
    other = cohort("B", "1.1")
    apart = replace(other, slices=(replace(other.slices[0], sop_instance_uid="7.7"),))
    with pytest.raises(CohortError, match=r"P1 is in data/A and in B: give .* share no patient"):
        join_cohorts([cohort("data/A", "1.1"), apart])


def test_nearly_the_same_picture_in_two_cohorts_is_refused() -> None:
    code = picture_code(np.random.default_rng(0).normal(size=(64, 64)))
    same = [
        replace(one, slices=tuple(replace(each, picture_code=code) for each in one.slices))
        for one in (cohort("A", "1.1"), cohort("B", "2.1"))
    ]
    with pytest.raises(CohortError, match="A/P1 and B/P1 have near-identical images: give"):
        join_cohorts(same)


def test_a_name_in_two_real_cohorts_is_said() -> None:
    real = [cohort(name, name, simulated=False) for name in ("A", "B")]
    (note,) = shared_names(real)
    assert note.startswith("1 patients of A share their name with one of B")
    assert shared_names([real[0], cohort("C", "3.1")]) == []


def test_where_slices_come_from_is_kept(tmp_path: Path) -> None:
    one = Cohort(tmp_path / "a", True, (), "f")
    two = Cohort(tmp_path / "b", False, (), "g", "a set, CC BY 4.0")
    three = Cohort(tmp_path / "c", False, (), "h", "a set, CC BY 4.0")
    assert join_cohorts([one, two, three]).origin == "a set, CC BY 4.0"
