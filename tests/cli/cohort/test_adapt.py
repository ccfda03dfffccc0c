"""``lumbargrade cohort adapt``: the folder of a public set becomes a cohort."""

from __future__ import annotations

from pathlib import Path

from tests.archive.archive import write_study
from tests.cli.calls import call, refused

from lumbargrade.cohort.read import read_cohort


def test_a_public_set_that_is_not_there(tmp_path: Path) -> None:
    told = refused("cohort", "adapt", "spider", tmp_path / "none", "-o", tmp_path / "out")
    assert "none: no such folder: give the unpacked folder of the data set" in told
    root = tmp_path / "01_MRI_Data" / "0001"
    write_study(root / "L-SPINE_1", "0001", "5")
    told = call("cohort", "adapt", "lumbar-mendeley", tmp_path, "-o", tmp_path / "made")
    assert "1 patients, 6 slices, in " in told
    assert len(read_cohort(tmp_path / "made").slices) == 6
    told = refused("cohort", "export", tmp_path / "made", "-o", tmp_path / "sr", "--format", "sr")
    assert "no slice has a grade: nothing to report" in told
