"""Adapters by the names of their sets: a cohort whole, or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import write_study
from tests.cohort.adapters.sets import quiet

from lumbargrade.cohort.adapters.adapters import ADAPTERS, adapt
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError


def test_a_set_becomes_a_cohort_by_its_name(tmp_path: Path) -> None:
    write_study(tmp_path / "01_MRI_Data" / "0001" / "L-SPINE", "0001", "5")
    made = adapt("lumbar-mendeley", tmp_path, tmp_path / "out", quiet)
    assert made.origin == "public set lumbar-mendeley"
    slices = read_cohort(tmp_path / "out").slices
    assert len(slices) == sum(map(len, made.slices.values())) > 0
    assert all(one.file.is_relative_to(tmp_path / "out") for one in slices)


@pytest.mark.parametrize("name", ADAPTERS)
def test_another_folder_is_refused_and_nothing_stays(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    with pytest.raises(CohortError, match="other"):
        adapt(name, folder, tmp_path / "out", quiet)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("name", ADAPTERS)
def test_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CohortError, match="no such folder: give the unpacked folder of the data"):
        adapt(name, tmp_path / "none", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
