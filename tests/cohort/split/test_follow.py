"""A split of other names is followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cohort.split.cohorts import write_cohort

from lumbargrade.archive.pseudonym import Pseudonyms, make_key
from lumbargrade.cohort.split.file import read_split, write_split
from lumbargrade.cohort.split.make import SplitOptions, make_split
from lumbargrade.errors import CohortError


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    return write_cohort(tmp_path / "cohort")


def test_a_split_of_pseudonyms_is_followed_with_the_key(cohort: Path, tmp_path: Path) -> None:
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
