"""The export as a whole: what it returns, and that it is written whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lumbargrade.cohort.export.export import export_cohort
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.staging import staged


@pytest.mark.parametrize(
    ("format_", "name"), [("csv", "cohort.csv"), ("coco", "coco.json"), ("sr", "P00001.dcm")]
)
def test_files_are_named_where_they_lie(
    simulated_cohort: Path, tmp_path: Path, format_: str, name: str
) -> None:
    paths = export_cohort(simulated_cohort, tmp_path / "out", format_)
    assert paths[0] == tmp_path / "out" / name
    assert all(path.is_file() for path in paths)


def test_a_folder_that_is_no_cohort_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"cohort\.json: cannot be read"):
        export_cohort(tmp_path, tmp_path / "out", "csv")
    assert list(tmp_path.iterdir()) == []


def test_a_cohort_is_not_replaced_by_its_export(simulated_cohort: Path, tmp_path: Path) -> None:
    with staged(tmp_path / "cohort") as folder:  # as `cohort import` makes it
        shutil.copytree(simulated_cohort, folder, dirs_exist_ok=True)
    before = sorted((tmp_path / "cohort").rglob("*"))
    with pytest.raises(OutputError, match="which is read and would be replaced"):
        export_cohort(tmp_path / "cohort", tmp_path / "cohort", "csv")
    assert sorted((tmp_path / "cohort").rglob("*")) == before
