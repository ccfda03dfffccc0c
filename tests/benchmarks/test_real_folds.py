"""Folds by patient, and the inner split by which settings are chosen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.real.folds.assign import fold_of_patients, train_and_test
from benchmarks.real.folds.choose import inner_split
from benchmarks.real.folds.parts import Part

NAMES = st.lists(st.from_regex(r"[0-9]{4}", fullmatch=True), min_size=3, max_size=60)


@given(NAMES, st.integers(2, 5))
def test_folds_cover_every_slice_once_and_share_no_patient(names: list[str], folds: int) -> None:
    patients = np.array(names)
    fold_of = fold_of_patients(names, folds)
    tested = []
    for fold in range(folds):
        train, test = train_and_test(patients, fold_of, fold)
        assert not set(patients[train]) & set(patients[test])
        assert sorted([*train, *test]) == list(range(len(names)))
        tested += list(test)
    assert sorted(tested) == list(range(len(names)))


@given(NAMES)
def test_folds_are_of_equal_size_and_do_not_depend_on_the_order(names: list[str]) -> None:
    fold_of = fold_of_patients(names)
    sizes = np.bincount(list(fold_of.values()), minlength=3)
    assert sizes.max() - sizes.min() <= 1
    assert fold_of == fold_of_patients([*reversed(names), *names])


def test_settings_are_chosen_without_a_test_patient() -> None:
    patients = [f"{number:04d}" for number in range(40)]
    slices = tuple(_Slice(patient, level) for patient in patients for level in ("L4-L5", "L5-S1"))
    part = Part("axial", tuple(patients), (), slices, (), np.zeros((80, 2)), np.zeros((80, 0)))  # type: ignore[arg-type]
    learn, choose = inner_split(part)
    _, test = train_and_test(part.patients, fold_of_patients(patients), 0)
    groups = [set(part.patients[rows]) for rows in (learn, choose, test)]
    assert sum(map(len, groups)) == len(set.union(*groups)) == 40
    assert len(choose) < len(learn)


class _Slice:
    def __init__(self, patient: str, level: str) -> None:
        self.patient, self.level = patient, level
