"""Assigned to parts: copies together, external patients apart, locked ones in place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cohort.split.cohorts import write_cohort

from lumbargrade.archive.pseudonym import Pseudonyms, make_key
from lumbargrade.cohort.split.assign_parts import AssignmentOptions, assign_parts
from lumbargrade.cohort.split.file import read_split, write_split
from lumbargrade.cohort.split.make import SplitOptions, make_split
from lumbargrade.cohort.split.patients import SplitPatients
from lumbargrade.errors import CohortError


@dataclass(frozen=True)
class Shot:
    """A picture as the split sees it."""

    patient_id: str
    series_instance_uid: str
    picture_code: str | None = None


def patients(
    patients: int = 40, external: frozenset[str] = frozenset(), *pictures: Shot
) -> SplitPatients:
    grades = {f"P{number:02}": number % 4 for number in range(patients)}
    return SplitPatients("cohort", grades, external, pictures)


def code(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


TWICE = (
    Shot("P00", "1", code(1)),
    Shot("P01", "2", code(9)),
    Shot("P39", "3", code(1)[:-1] + "0"),
    Shot("P38", "4"),
    Shot("P02", "4"),
)


@pytest.mark.parametrize("seed", range(8))
def test_a_picture_or_a_series_in_common_holds_together(seed: int) -> None:
    assigned = assign_parts(patients(40, frozenset(), *TWICE), AssignmentOptions(seed))
    assert assigned.alike == (("P00", "P39"), ("P02", "P38"))
    assert all(assigned.parts[one] == assigned.parts[other] for one, other in assigned.alike)
    assert len(assigned.parts) == 40


def test_an_external_scanner_is_a_part_of_its_own() -> None:
    outside = frozenset({"P05", "P06"})
    parts = assign_parts(patients(40, outside), AssignmentOptions()).parts
    assert {one for one, part in parts.items() if part == "external"} == outside
    assert len(parts) == 40


def test_a_whole_cohort_can_be_external() -> None:
    parts = assign_parts(patients(3), AssignmentOptions(external=True)).parts
    assert parts == {"P00": "external", "P01": "external", "P02": "external"}


def test_who_was_locked_stays() -> None:
    first = assign_parts(patients(20), AssignmentOptions(1)).parts
    kept = {**first, "P03": "external"}
    later = assign_parts(patients(40), AssignmentOptions(2, kept=kept)).parts
    assert {one: later[one] for one in kept} == kept
    assert len(later) == 40


def test_one_person_inside_and_outside_is_refused() -> None:
    with pytest.raises(CohortError, match="P00 and P39 have near-identical images and one of them"):
        assign_parts(patients(40, frozenset({"P39"}), *TWICE), AssignmentOptions())


def test_a_part_without_patients_is_refused() -> None:
    with pytest.raises(CohortError, match="3 patients are too few: none is left for test"):
        assign_parts(patients(3), AssignmentOptions())
    assert set(assign_parts(patients(4), AssignmentOptions(needed=("train",))).parts.values()) >= {
        "train"
    }
    halves = assign_parts(patients(4), AssignmentOptions(shares=(0.5, 0.5, 0.0))).parts
    assert sorted(halves.values()) == ["train", "train", "validation", "validation"]


def test_a_split_of_pseudonyms_is_followed_with_the_key(tmp_path: Path) -> None:
    cohort = write_cohort(tmp_path / "cohort")
    key = tmp_path / "I.key"
    pseudonyms = Pseudonyms(make_key(key))
    make_split(cohort, tmp_path / "own.json", SplitOptions(seed=3))
    parts = read_split(tmp_path / "own.json")
    other = tmp_path / "other.json"
    write_split(other, {pseudonyms.of("patient", name): part for name, part in parts.items()})
    with pytest.raises(
        CohortError, match=r"does not contain 20 patients of cohort \(P00001, .* 10"
    ):
        make_split(cohort, tmp_path / "new.json", SplitOptions(follow=other))
    make_split(cohort, tmp_path / "new.json", SplitOptions(follow=other, key=key))
    assert read_split(tmp_path / "new.json") == parts
    make_split(cohort, tmp_path / "new.json", SplitOptions(follow=tmp_path / "own.json"))
    with pytest.raises(CohortError, match=r"would be moved: P000\d\d \(from"):
        make_split(cohort, tmp_path / "new.json", SplitOptions(seed=4))
