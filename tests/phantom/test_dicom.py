from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from lumbargrade.phantom.dicom import write_study
from lumbargrade.phantom.simulate import StudyOptions
from lumbargrade.phantom.simulated import SimulatedStudy

Simulate = Callable[[int, int, StudyOptions], SimulatedStudy]


@pytest.fixture
def study(stub_simulate: Simulate) -> SimulatedStudy:
    return stub_simulate(7, 0, StudyOptions())


def test_pixels_and_place_survive(study: SimulatedStudy, tmp_path: Path) -> None:
    for item in write_study(study, tmp_path, "k").instances:
        dataset = pydicom.dcmread(tmp_path / item.file)
        geometry = item.slice.geometry
        assert np.array_equal(dataset.pixel_array, item.slice.pixels)
        assert dataset.SOPInstanceUID == item.sop_instance_uid
        assert dataset.SeriesInstanceUID == item.series_instance_uid
        assert np.allclose(dataset.ImagePositionPatient, geometry.position_mm, atol=1e-6)
        cosines = [*geometry.row_direction, *geometry.column_direction]
        assert np.allclose(dataset.ImageOrientationPatient, cosines, atol=1e-9)
        assert tuple(dataset.PixelSpacing) == geometry.pixel_spacing_mm
        assert dataset.SliceLocation == pytest.approx(
            float(np.dot(geometry.normal, geometry.position_mm)), abs=1e-3
        )


def test_header_says_how_it_was_acquired(study: SimulatedStudy, tmp_path: Path) -> None:
    item = write_study(study, tmp_path, "k").instances[0]
    dataset = pydicom.dcmread(tmp_path / item.file)
    assert (dataset.EchoTime, dataset.RepetitionTime) == (103.0, 4000.0)
    assert dataset.MagneticFieldStrength == 3.0
    assert dataset.BodyPartExamined == "LSPINE"
    assert dataset.BitsStored == 12
    assert list(dataset.ImageType) == ["ORIGINAL", "PRIMARY", "OTHER"]
    assert "imulated" in dataset.ImageComments


def test_one_frame_of_reference_and_unique_uids(study: SimulatedStudy, tmp_path: Path) -> None:
    written = write_study(study, tmp_path, "k")
    read = [pydicom.dcmread(tmp_path / item.file) for item in written.instances]
    assert len({dataset.FrameOfReferenceUID for dataset in read}) == 1
    assert {dataset.StudyInstanceUID for dataset in read} == {written.study_instance_uid}
    assert len({dataset.SeriesInstanceUID for dataset in read}) == 2
    assert len({dataset.SOPInstanceUID for dataset in read}) == len(read) == 6


def test_same_key_gives_same_bytes_and_another_key_other_uids(
    study: SimulatedStudy, tmp_path: Path
) -> None:
    first = write_study(study, tmp_path / "a", "k")
    again = write_study(study, tmp_path / "b", "k")
    other = write_study(study, tmp_path / "c", "another")
    for one, two in zip(first.instances, again.instances, strict=True):
        assert (tmp_path / "a" / one.file).read_bytes() == (tmp_path / "b" / two.file).read_bytes()
    uids = {item.sop_instance_uid for item in first.instances}
    assert uids.isdisjoint(item.sop_instance_uid for item in other.instances)


@pytest.mark.parametrize("fault", ["shape", "bits"])
def test_impossible_pixels_are_refused(study: SimulatedStudy, tmp_path: Path, fault: str) -> None:
    series = study.series[0]
    pixels = np.full((24, 32) if fault == "bits" else (24, 31), 4096, np.uint16)
    wrong = replace(series, slices=(replace(series.slices[0], pixels=pixels),))
    expected = "does not fit 12 bits" if fault == "bits" else "geometry says"
    with pytest.raises(ValueError, match=expected):
        write_study(replace(study, series=(wrong,)), tmp_path, "k")


@pytest.mark.parametrize("kind", ["axial_t2", "sagittal_t2"])
def test_validator_finds_no_error(study: SimulatedStudy, tmp_path: Path, kind: str) -> None:
    validator = shutil.which("dciodvfy")
    if validator is None:
        pytest.skip("dciodvfy (Debian package dicom3tools) is not installed")
    write_study(study, tmp_path, "k")
    done = subprocess.run(
        [validator, str(tmp_path / kind / "0001.dcm")], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert "MRImage" in said
    assert [line for line in said.splitlines() if line.startswith("Error")] == []
