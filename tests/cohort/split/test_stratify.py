"""Splits: by patient, stratified, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lumbargrade.cohort.split.stratify import PARTS, Tied, split_patients, union_groups
from lumbargrade.errors import CohortError

PATIENTS = st.dictionaries(
    st.from_regex(r"P[0-9]{1,4}", fullmatch=True), st.one_of(st.none(), st.integers(0, 3))
)


@given(PATIENTS, st.integers(0, 2**32), st.integers(1, 3))
def test_every_patient_is_in_exactly_one_part(
    grades: dict[str, int | None], seed: int, studies: int
) -> None:
    """However often a patient is named, and in whatever order."""
    named = list(grades) * studies
    parts = split_patients(named, grades, seed)
    assert set(parts) == set(grades)
    assert set(parts.values()) <= set(PARTS)
    assert split_patients(reversed(named), grades, seed) == parts


@given(PATIENTS, st.integers(0, 2**32))
def test_each_part_has_its_share(grades: dict[str, int | None], seed: int) -> None:
    counts = Counter(split_patients(grades, grades, seed).values())
    for part, fraction in zip(PARTS, (0.7, 0.15, 0.15), strict=True):
        assert abs(counts[part] - fraction * len(grades)) <= 1.5


@given(st.lists(st.integers(0, 3), min_size=20, max_size=200), st.integers(0, 2**32))
def test_each_part_has_its_share_of_every_grade(grades: list[int], seed: int) -> None:
    by_patient = {f"P{number:03}": grade for number, grade in enumerate(grades)}
    parts = split_patients(by_patient, by_patient, seed)
    for grade, total in Counter(grades).items():
        inside = Counter(parts[p] for p, g in by_patient.items() if g == grade)
        for part, fraction in zip(PARTS, (0.7, 0.15, 0.15), strict=True):
            assert abs(inside[part] - fraction * total) <= 3


def test_seeds_differ() -> None:
    patients = [f"P{number:03}" for number in range(100)]
    splits = [split_patients(patients, {}, seed) for seed in range(5)]
    assert len({tuple(sorted(split.items())) for split in splits}) == 5


@pytest.mark.parametrize("fractions", [(0.7, 0.2, 0.2), (1.2, -0.1, -0.1)])
def test_impossible_fractions_are_refused(fractions: tuple[float, float, float]) -> None:
    with pytest.raises(CohortError, match="must be 0 or more and sum to 1"):
        split_patients(["P1"], {}, 1, fractions)


def test_patients_who_are_alike_go_to_one_part_and_the_others_as_before() -> None:
    patients = [f"P{number:03}" for number in range(200)]
    pairs = [("P000", "P001"), ("P001", "P150"), ("P007", "P199")]
    for seed in range(10):
        parts = split_patients(patients, {"P150": 3}, seed, tied=Tied(pairs))
        assert all(parts[one] == parts[other] for one, other in pairs)
        for part, share in zip(PARTS, (0.7, 0.15, 0.15), strict=True):
            assert abs(list(parts.values()).count(part) - share * 200) <= 4


@given(PATIENTS, PATIENTS, st.integers(0, 2**32))
def test_who_was_locked_stays(
    old: dict[str, int | None], new: dict[str, int | None], seed: int
) -> None:
    kept = split_patients(old, old, seed)
    parts = split_patients([*old, *new], {**old, **new}, seed + 1, tied=Tied(kept=kept))
    assert {one: parts[one] for one in old} == kept
    assert set(parts) == {*old, *new}


def test_a_newcomer_goes_where_his_likeness_was_locked() -> None:
    parts = split_patients(["A", "B"], {}, 1, tied=Tied([("B", "A")], {"A": "test"}))
    assert parts == {"A": "test", "B": "test"}


def test_two_who_are_alike_and_locked_apart_are_refused() -> None:
    tied = Tied([("B", "A")], {"A": "test", "B": "train"})
    with pytest.raises(
        CohortError, match=r"patients A \(test\) and B \(train\) have near-identical images"
    ):
        split_patients(["A", "B"], {}, 1, tied=tied)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_groups_hold_together_what_is_linked_and_nothing_else(pairs: list[tuple[int, int]]) -> None:
    names = [str(number) for number in range(10)]
    groups = union_groups(names, [(str(one), str(other)) for one, other in pairs])
    assert sorted(one for group in groups for one in group) == names
    counted, of = connected_components(
        coo_array((np.ones(len(pairs)), tuple(np.array(pairs).reshape(-1, 2).T)), (10, 10))
    )
    assert len(groups) == counted
    assert all(len({of[int(one)] for one in group}) == 1 for group in groups)
