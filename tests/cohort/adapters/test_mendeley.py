"""Lumbar Spine MRI Dataset: axial slices of every study of every patient."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import write_study
from tests.cohort.adapters.sets import adapt

from lumbargrade.cohort.adapters import mendeley
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.study.read import read_study


def test_mendeley_takes_axial_slices_of_every_study(tmp_path: Path) -> None:
    root = tmp_path / "set" / "01_MRI_Data"
    first = root / "0001" / "L-SPINE_LSS_20160309_091629_240000"
    write_study(first, "0001", "5", ("t2", "t1"))
    second = root / "0001" / "L-SPINE_LSS_20170309_091629_240000"
    write_study(second, "0001", "6")
    for path in root.rglob("*.dcm"):
        path.rename(path.with_suffix(".ima"))
    (first / "axial_t2").rename(first / "T2_TSE_TRA_384_0004")
    (root / "0002" / "C-SPINE_20160204" / "LOCALIZER_0001").mkdir(parents=True)
    made = adapt(mendeley, tmp_path / "set", tmp_path / "out")
    cohort = read_cohort(tmp_path / "out")
    assert [one.patient_id for one in cohort.slices] == ["0001"] * 18
    for study, contrasts in (("0001", {"t1", "t2"}), ("0001-2", {"t2"})):  # `grade` reads each
        folder = tmp_path / "out" / "studies" / study
        assert read_study(folder).series
        inside = [one for one in cohort.slices if one.file.parent == folder]
        assert {one.contrast for one in inside} == contrasts
    assert sorted(one.contrast for one in cohort.slices) == ["t1"] * 6 + ["t2"] * 12
    assert all(one.grades == {} and one.level is None for one in cohort.slices)
    (left,) = made.left_out
    assert left.startswith("1 studies without axial T1 or T2, for example ")
    assert "C-SPINE_20160204: the folder is empty" in left
    assert not (tmp_path / "out" / "labels.csv").exists()
    with pytest.raises(CohortError, match=r"has no 01_MRI_Data/0001, 0002"):
        adapt(mendeley, first, tmp_path / "wrong")
    (tmp_path / "empty" / "0003" / "study").mkdir(parents=True)
    with pytest.raises(CohortError, match=r"no image of the data set could be imported: 1 studies"):
        adapt(mendeley, tmp_path / "empty", tmp_path / "none")
