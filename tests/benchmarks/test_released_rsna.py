"""A simulated cohort in the released form goes the whole way back to a cohort."""

from __future__ import annotations

from pathlib import Path

from pydicom import dcmread
from tests.cohort.adapters.sets import adapt, labels

from benchmarks.released_rsna import write_released
from lumbargrade.cohort.adapters import rsna2024
from lumbargrade.cohort.read import read_cohort


def test_what_is_released_is_adapted(simulated_cohort: Path, tmp_path: Path) -> None:
    write_released(simulated_cohort, tmp_path / "release", misread=0.0)
    axial = sorted((tmp_path / "release/train_images").glob("*/1012284084/*.dcm"))
    sagittal = sorted((tmp_path / "release/train_images").glob("*/702807833/1.dcm"))
    first = dcmread(next(path for path in axial if path.name == "1.dcm"))
    assert "Modality" not in first
    assert first.SOPInstanceUID == dcmread(sagittal[0]).SOPInstanceUID  # as released
    made = adapt(rsna2024, tmp_path / "release", tmp_path / "out")
    assert made.left_out == []
    before, after = (read_cohort(one).slices for one in (simulated_cohort, tmp_path / "out"))
    assert len(before) == len(after)
    levels = {one.level for one in before if one.disc_in_plane}
    marked = [one for one in labels(tmp_path / "out") if one["x_mm"]]
    assert len(marked) == 3 * len(levels)  # canal and two recesses
    canal = next(one for one in marked if one["system"] == "RSNACANAL")
    (worst,) = {max(one.grades["LCCS"] or 0 for one in before if one.level == canal["level"])}
    assert int(canal["grade"]) == (0, 0, 1, 2)[worst]
