"""What a DICOM file must hold to be slices, and why it is left out otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.study.conftest import COLUMNS, ROWS, axial_slice, enhanced, fails, picture, reasons

from lumbargrade.study.read import read_study

Folder = Callable[..., Path]


def test_multi_frame_without_groups_is_refused(study_folder: Folder) -> None:
    dataset = axial_slice(NumberOfFrames=2, PixelData=picture(1).tobytes() * 2)
    assert "2 frames without functional groups" in fails(study_folder(dataset))


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.9, 0.999])
def test_truncated_file(study_folder: Folder, kept: float) -> None:
    file = study_folder(axial_slice()) / "0000"
    data = file.read_bytes()
    file.write_bytes(data[: max(200, int(kept * len(data)))])
    assert "truncated" in fails(file)


@pytest.mark.parametrize("missing", [1, 2, ROWS * COLUMNS * 2, ROWS * COLUMNS * 2 + 1])
def test_a_multi_frame_file_cut_short_loses_the_frames_behind_the_cut(
    study_folder: Folder, missing: int
) -> None:
    file = study_folder(enhanced(3)) / "0000"
    file.write_bytes(file.read_bytes()[:-missing])
    study = read_study(file)
    kept = 1 if missing > ROWS * COLUMNS * 2 else 2
    assert [one.frame_number for one in study.series[0].slices] == [1, 2][:kept]
    left = reasons(study)
    assert list(left) == ["0000 frame 2", "0000 frame 3"][kept - 1 :]
    assert set(left.values()) == {
        "truncated: the pixels of this frame are missing or cut short: copy or export the file "
        "again"
    }


def test_a_truncated_slice_is_left_out_of_a_good_study(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    file = folder / "0001"
    file.write_bytes(file.read_bytes()[:-2000])
    study = read_study(folder)
    assert len(study.series[0].slices) == 1
    assert reasons(study)["0001"].startswith("truncated")


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("PixelData", "no pixel data: the file is a header only"),
        ("PixelSpacing", "no usable Pixel Spacing: scale unknown; give it with"),
        ("ImageOrientationPatient", "no usable Image Orientation (Patient): left and right"),
        ("ImagePositionPatient", "no usable Image Position (Patient)"),
        ("SOPInstanceUID", "no SOP Instance UID"),
        ("SeriesInstanceUID", "no Series Instance UID"),
        ("StudyInstanceUID", "no Study Instance UID"),
    ],
)
def test_missing_elements(study_folder: Folder, missing: str, reason: str) -> None:
    assert reason in fails(study_folder(axial_slice(1, 1, **{missing: None})))


def test_objects_without_images_are_listed(study_folder: Folder) -> None:
    report = axial_slice(
        2, SOPClassUID="1.2.840.10008.5.1.4.1.1.88.33", PixelData=None, Rows=None, Columns=None
    )
    index = axial_slice(3, SOPClassUID="1.2.840.10008.1.3.10", PixelData=None, Rows=None)
    folder = study_folder(axial_slice(1), report, index)
    (folder / "readme.txt").write_text("hello")
    left = reasons(read_study(folder))
    assert left["0001"] == "Comprehensive SR Storage: not an image"
    assert left["0002"] == (
        "a DICOMDIR: an index without images; the files it names are not followed"
    )
    assert left["readme.txt"] == "not an image file that can be read"


@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
@pytest.mark.parametrize("uid", ["../../etc/passwd", "1.2.3;rm -rf", "1" * 65])
def test_hostile_uids_are_refused(study_folder: Folder, uid: str) -> None:
    folder = study_folder(axial_slice(SOPInstanceUID="1.2"))
    file = folder / "0000"
    data = file.read_bytes()
    old = b"\x08\x00\x18\x00UI\x04\x001.2\x00"
    assert old in data
    new = uid.encode() + b"\x00" * (len(uid) % 2)
    file.write_bytes(
        data.replace(old, b"\x08\x00\x18\x00UI" + len(new).to_bytes(2, "little") + new)
    )
    message = fails(folder)
    assert "SOP Instance UID is not a valid UID" in message
    assert uid not in message
