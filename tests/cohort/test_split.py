"""Splits: by patient, stratified, the same for the same seed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.cohort.split import PARTS, read_split, split_patients, write_split
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


def test_a_split_reads_back(tmp_path: Path) -> None:
    parts = split_patients([f"P{number}" for number in range(40)], {}, 3)
    write_split(tmp_path / "split.json", parts)
    assert read_split(tmp_path / "split.json") == parts


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"test": ["P1", "P9"]}, "P9 is in train and in test"),
        ({"validation": "P2"}, "'validation' is not a list of patients"),
        ({"schema": "other/1"}, "is not a split of the schema"),
    ],
)
def test_a_faulty_split_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "split.json"
    write_split(path, {"P9": "train", "P2": "validation", "P1": "test"})
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CohortError, match=message):
        read_split(path)


@pytest.mark.parametrize("content", [None, "{"])
def test_an_unreadable_split_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "split.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CohortError, match=r"split\.json: the split cannot be read"):
        read_split(path)
