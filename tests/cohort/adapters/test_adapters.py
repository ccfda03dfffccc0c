"""A public set by its name: a whole cohort, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import write_study

from lumbargrade.cohort.adapters.adapters import ADAPTERS, adapt
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError


def test_the_cohort_says_which_set_it_comes_from(tmp_path: Path) -> None:
    write_study(tmp_path / "set" / "01_MRI_Data" / "0001" / "L-SPINE_LSS_20160309", "0001", "5")
    made = adapt("lumbar-mendeley", tmp_path / "set", tmp_path / "out")
    assert made.left_out == []
    assert len(read_cohort(tmp_path / "out").slices) == 6
    assert "public set lumbar-mendeley" in (tmp_path / "out" / "cohort.json").read_text()


@pytest.mark.parametrize("name", ADAPTERS)
def test_another_folder_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    (tmp_path / "set").mkdir()
    with pytest.raises(CohortError):
        adapt(name, tmp_path / "set", tmp_path / "out")
    with pytest.raises(CohortError, match="none: no such folder: give the unpacked folder of the"):
        adapt(name, tmp_path / "none", tmp_path / "out")
    assert not (tmp_path / "out").exists()
