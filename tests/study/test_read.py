"""What is read, what is listed as left out, and what is an error: one clear line each."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.uid import ImplicitVRLittleEndian
from tests.study.conftest import ROOT, axial_slice, enhanced, item, picture, save

from lumbargrade.errors import StudyError
from lumbargrade.study.model import Study
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]


def reasons(study: Study) -> dict[str, str]:
    return {left.what: left.reason for left in study.not_read}


def fails(paths: Path, options: ReadOptions | None = None) -> str:
    """Return the error of reading ``paths``, which must be one line that names them."""
    with pytest.raises(StudyError) as caught:
        read_study(paths, options or ReadOptions())
    message = str(caught.value)
    assert "\n" not in message
    assert str(paths) in message
    return message


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_folder_becomes_series_of_slices(study_folder: Folder) -> None:
    folder = study_folder(
        axial_slice(1), axial_slice(2), axial_slice(1, series=2, SeriesDescription="other")
    )
    save(axial_slice(3), folder / "deeper" / "still" / "no_suffix")
    study = read_study(folder)
    assert study.patient_id == "P1"
    assert [len(series.slices) for series in study.series] == [3, 1]
    assert study.not_read == ()
    first = study.series[0].slices[0]
    assert first.source_file == "0000"
    assert first.geometry.position_mm == (-50.0, -57.6, 4.4)
    acquisition = study.series[0].acquisition
    assert acquisition.echo_time_ms == 100
    assert acquisition.image_type == ("ORIGINAL", "PRIMARY", "M", "ND")
    assert acquisition.magnetic_field_strength_t == 1.5


def test_single_files_and_several_paths(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    assert len(read_study(folder / "0001").series[0].slices) == 1
    assert len(read_study([folder / "0000", folder / "0001"]).series[0].slices) == 2


def test_files_without_preamble_are_read(study_folder: Folder) -> None:
    file = study_folder(axial_slice()) / "0000"
    file.write_bytes(file.read_bytes()[132:])
    np.testing.assert_array_equal(read_study(file).series[0].slices[0].load_pixels(), picture(1))


def test_a_bare_implicit_dataset_is_read(tmp_path: Path) -> None:
    dataset = axial_slice()
    del dataset.file_meta
    dataset.save_as(tmp_path / "bare", implicit_vr=True, little_endian=True)
    np.testing.assert_array_equal(
        read_study(tmp_path / "bare").series[0].slices[0].load_pixels(), picture(1)
    )


def test_names_outside_ascii_are_read(study_folder: Folder) -> None:
    dataset = axial_slice(SpecificCharacterSet="ISO_IR 192", SeriesDescription="Wirbelsäule t2")
    assert read_study(study_folder(dataset)).series[0].acquisition.series_description == (
        "Wirbelsäule t2"
    )


# --- enhanced multi-frame -----------------------------------------------------------------------


def test_enhanced_frames_have_places_parameters_and_rescale_of_their_own(
    study_folder: Folder,
) -> None:
    slices = read_study(study_folder(enhanced())).series[0].slices
    assert [item.frame_number for item in slices] == [1, 2, 3]
    assert [item.geometry.position_mm[2] for item in slices] == [0, 35, 70]
    assert slices[2].geometry.column_direction[2] == pytest.approx(np.sin(0.4))
    assert slices[0].geometry.pixel_spacing_mm == (0.9, 1.1)
    acquisition = slices[1].acquisition
    assert (acquisition.echo_time_ms, acquisition.repetition_time_ms) == (99, 4000)
    assert acquisition.scanning_sequence == ("SE",)
    assert acquisition.body_part_examined == "Lumbar spine"
    for n, one in enumerate(slices):
        np.testing.assert_array_equal(one.load_pixels(), picture(n) * np.float32(n + 1) - 5)


def test_enhanced_compressed_frames_are_decoded_one_by_one(study_folder: Folder) -> None:
    dataset = enhanced()
    dataset.compress("1.2.840.10008.1.2.5", generate_instance_uid=False)
    slices = read_study(study_folder(dataset)).series[0].slices
    np.testing.assert_array_equal(slices[2].load_pixels(), picture(2) * np.float32(3) - 5)


def test_enhanced_fat_saturation_and_inversion_are_seen(study_folder: Folder) -> None:
    dataset = enhanced()
    dataset.SharedFunctionalGroupsSequence[0].MRModifierSequence = item(
        InversionRecovery="YES", InversionTimes=[160.0], SpectrallySelectedSuppression="FAT"
    )
    acquisition = read_study(study_folder(dataset)).series[0].acquisition
    assert acquisition.inversion_time_ms == 160
    assert "FS" in acquisition.scan_options
    assert "IR" in acquisition.scanning_sequence


def test_enhanced_with_too_few_groups_is_refused(study_folder: Folder) -> None:
    dataset = enhanced()
    del dataset.PerFrameFunctionalGroupsSequence[2]
    assert "2 functional groups for 3 frames" in fails(study_folder(dataset))


def test_multi_frame_without_groups_is_refused(study_folder: Folder) -> None:
    dataset = axial_slice(NumberOfFrames=2, PixelData=picture(1).tobytes() * 2)
    assert "2 frames without functional groups" in fails(study_folder(dataset))


# --- one clear line each ------------------------------------------------------------------------


def test_empty_folder(tmp_path: Path) -> None:
    assert fails(tmp_path).endswith("the folder is empty: give a folder with a DICOM study")


def test_path_that_does_not_exist(tmp_path: Path) -> None:
    assert "no such file or folder" in fails(tmp_path / "gone")


def test_no_path_at_all() -> None:
    with pytest.raises(StudyError, match="no file or folder was given"):
        read_study([])


def test_folder_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "empty").write_bytes(b"")
    assert "none of its 2 files is a DICOM image" in fails(tmp_path)
    (tmp_path / "empty").unlink()
    assert "its only file is no DICOM image" in fails(tmp_path)


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.9, 0.999])
def test_truncated_file(study_folder: Folder, kept: float) -> None:
    file = study_folder(axial_slice()) / "0000"
    data = file.read_bytes()
    file.write_bytes(data[: max(200, int(kept * len(data)))])
    assert "truncated" in fails(file)


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
        ("PixelSpacing", "no usable Pixel Spacing: the scale is not known; give it with"),
        ("ImageOrientationPatient", "no usable Image Orientation (Patient): left and right"),
        ("ImagePositionPatient", "no usable Image Position (Patient)"),
        ("SOPInstanceUID", "no SOP Instance UID"),
        ("SeriesInstanceUID", "no Series Instance UID"),
        ("StudyInstanceUID", "no Study Instance UID"),
    ],
)
def test_missing_elements(study_folder: Folder, missing: str, reason: str) -> None:
    assert reason in fails(study_folder(axial_slice(1, 1, **{missing: None})))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "right angle"),
        ({"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]}, "unit vectors"),
        ({"ImagePositionPatient": [1e9, 0, 0]}, "no usable Image Position"),
        ({"PixelSpacing": [-1, 1]}, "no usable Pixel Spacing"),
        ({"PixelSpacing": [1e6, 1]}, "no usable Pixel Spacing"),
    ],
)
def test_impossible_geometry(study_folder: Folder, change: dict[str, Any], reason: str) -> None:
    assert reason in fails(study_folder(axial_slice(**change)))


def test_the_users_spacing_fills_a_missing_one_only(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1, PixelSpacing=None), axial_slice(2))
    first, second = read_study(folder, ReadOptions((0.7, 0.7))).series[0].slices
    assert first.geometry.pixel_spacing_mm == (0.7, 0.7)
    assert second.geometry.pixel_spacing_mm == (1.2, 1.25)


def test_impossible_spacing_from_the_user() -> None:
    with pytest.raises(StudyError, match="is not possible"):
        ReadOptions(pixel_spacing_mm=(0.0, 1.0))


def test_identical_copies_are_kept_once_and_listed(study_folder: Folder) -> None:
    study = read_study(study_folder(axial_slice(1), axial_slice(1), axial_slice(2)))
    assert len(study.series[0].slices) == 2
    assert reasons(study)["0001"] == "a copy of 0000 (same SOP Instance UID)"


def test_a_compressed_copy_is_a_copy(study_folder: Folder) -> None:
    copy = axial_slice(1)
    copy.compress("1.2.840.10008.1.2.5", generate_instance_uid=False)
    study = read_study(study_folder(axial_slice(1), copy))
    assert "a copy of 0000" in reasons(study)["0001"]


@pytest.mark.parametrize(
    "change", [{"PixelData": picture(9).tobytes()}, {"ImagePositionPatient": [0, 0, 0]}]
)
def test_different_slices_with_one_uid_are_refused(
    study_folder: Folder, change: dict[str, Any]
) -> None:
    message = fails(study_folder(axial_slice(1), axial_slice(1, **change)))
    assert "0000 and 0001 are different but share one SOP Instance UID" in message


@pytest.mark.parametrize(
    "change",
    [
        {"PatientID": "P2"},
        {"PatientBirthDate": "19800101"},
        {"PatientID": None},
    ],
)
def test_mixed_patients_are_refused_without_naming_them(
    study_folder: Folder, change: dict[str, Any]
) -> None:
    message = fails(study_folder(axial_slice(1), axial_slice(2, **change)))
    assert "files of several patients, for example 0000 and 0001" in message
    assert "P2" not in message
    assert "One" not in message


def test_patients_without_id_are_told_by_name(study_folder: Folder) -> None:
    folder = study_folder(
        axial_slice(1, PatientID=""), axial_slice(2, PatientID="", PatientName="Two^Pat")
    )
    assert "several patients" in fails(folder)


def test_several_studies_in_one_folder(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2, StudyInstanceUID=f"{ROOT}.2"))
    assert "several studies of one patient" in fails(folder)


def test_objects_without_images_are_listed(study_folder: Folder) -> None:
    report = axial_slice(
        2, SOPClassUID="1.2.840.10008.5.1.4.1.1.88.33", PixelData=None, Rows=None, Columns=None
    )
    index = axial_slice(3, SOPClassUID="1.2.840.10008.1.3.10", PixelData=None, Rows=None)
    folder = study_folder(axial_slice(1), report, index)
    (folder / "readme.txt").write_text("hello")
    left = reasons(read_study(folder))
    assert left["0001"] == "Comprehensive SR Storage: not an image"
    assert left["0002"].startswith("a DICOMDIR")
    assert left["readme.txt"] == "not an image file that can be read"


# --- hostile files ------------------------------------------------------------------------------


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
    assert "SOP Instance UID is not a UID" in message
    assert uid not in message


def test_sequences_nested_without_end_are_refused(study_folder: Folder) -> None:
    file = study_folder(axial_slice()) / "0000"
    start = b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    data = file.read_bytes()
    place = data.index(b"\x08\x00\x18\x00UI")
    file.write_bytes(data[:place] + start * 3000 + data[place:])
    assert "nested too deep" in fails(file)


def test_unprintable_names_stay_on_one_line(tmp_path: Path) -> None:
    file = save(axial_slice(SeriesDescription="t2\x07tra"), tmp_path / "a\nb")
    file.write_bytes(file.read_bytes()[:-50])
    with pytest.raises(StudyError) as caught:
        read_study(file)
    assert "\n" not in str(caught.value)


def test_too_large_and_too_many_files(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    with pytest.raises(StudyError, match=r"more than 1 files"):
        read_study(folder, ReadOptions(max_files=1))
    with pytest.raises(StudyError, match=r"the file is 0 MB large \(0 MB is allowed\)"):
        read_study(folder, ReadOptions(max_file_bytes=5000))
    with pytest.raises(StudyError, match=r"the study is larger than"):
        read_study(folder, ReadOptions(max_total_bytes=20_000))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(study_folder: Folder) -> None:
    folder = study_folder(axial_slice())
    os.mkfifo(folder / "pipe")
    assert reasons(read_study(folder))["pipe"] == "not a regular file"


MADE = io.BytesIO()
axial_slice().save_as(MADE, enforce_file_format=True)
HEADER_BYTES = len(MADE.getvalue()) - len(picture(1).tobytes())


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, HEADER_BYTES - 1), st.binary(min_size=1, max_size=6)),
        min_size=1,
        max_size=5,
    )
)
def test_a_mutated_header_gives_a_study_or_a_study_error(
    tmp_path: Path, changes: list[tuple[int, bytes]]
) -> None:
    data = bytearray(MADE.getvalue())
    for place, new in changes:
        data[place : place + len(new)] = new
    file = tmp_path / "mutated"
    file.write_bytes(data)
    with contextlib.suppress(StudyError):
        study = read_study(file)
        for one in study.series[0].slices:
            assert one.load_pixels().shape == (one.geometry.rows, one.geometry.columns)


# --- zips ---------------------------------------------------------------------------------------


def test_a_zip_is_read_in_memory(study_folder: Folder, tmp_path: Path) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    contents = {f"a/{file.name}": file.read_bytes() for file in folder.iterdir()}
    archive = zipped(tmp_path / "study.zip", {**contents, "../../evil.txt": b"x"})
    before = sorted(tmp_path.rglob("*"))
    study = read_study(archive)
    assert len(study.series[0].slices) == 2
    assert study.series[0].slices[0].source_file == "study.zip:a/0000"
    assert reasons(study) == {"study.zip:../../evil.txt": "not an image file that can be read"}
    assert sorted(tmp_path.rglob("*")) == before
    np.testing.assert_array_equal(study.series[0].slices[0].load_pixels(), picture(1))


def test_a_zip_within_a_folder_is_read_and_one_within_a_zip_is_not(
    study_folder: Folder, tmp_path: Path
) -> None:
    folder = study_folder(axial_slice(1))
    inner = zipped(tmp_path / "inner.zip", {"x": (folder / "0000").read_bytes()})
    save(axial_slice(2), tmp_path / "second")
    zipped(
        folder / "outer.zip",
        {"second": (tmp_path / "second").read_bytes(), "inner.zip": inner.read_bytes()},
    )
    study = read_study(folder)
    assert len(study.series[0].slices) == 2
    assert "zip inside a zip" in reasons(study)["outer.zip:inner.zip"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"something else"])
def test_unreadable_zip(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "broken.zip"
    archive.write_bytes(content)
    assert "not a readable zip" in fails(archive)


def test_a_zip_cut_short(study_folder: Folder, tmp_path: Path) -> None:
    file = study_folder(axial_slice(1)) / "0000"
    archive = zipped(tmp_path / "cut.zip", {"x": file.read_bytes()})
    archive.write_bytes(archive.read_bytes()[:-200])
    assert "not a readable zip" in fails(archive)


def test_a_damaged_member_is_listed(study_folder: Folder, tmp_path: Path) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    archive = zipped(
        tmp_path / "study.zip", {file.name: file.read_bytes() for file in folder.iterdir()}
    )
    data = bytearray(archive.read_bytes())
    place = data.index(b"0001") + 200
    data[place : place + 40] = bytes(40)
    archive.write_bytes(data)
    study = read_study(archive)
    assert len(study.series[0].slices) == 1
    assert "damaged inside of the zip" in reasons(study)["study.zip:0001"]


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str
)
def test_every_decompressor_may_fail(study_folder: Folder, tmp_path: Path, method: int) -> None:
    file = study_folder(axial_slice(1)) / "0000"
    with zipfile.ZipFile(tmp_path / "study.zip", "w", method) as archive:
        archive.writestr("good", file.read_bytes(), zipfile.ZIP_STORED)
        archive.writestr("torn", np.random.default_rng(0).bytes(5000))
        place = archive.getinfo("torn").header_offset
    data = bytearray((tmp_path / "study.zip").read_bytes())
    data[place + 60 : place + 2000] = np.random.default_rng(1).bytes(1940)
    (tmp_path / "study.zip").write_bytes(data)
    study = read_study(tmp_path / "study.zip")
    assert len(study.series[0].slices) == 1
    assert "damaged inside of the zip" in reasons(study)["study.zip:torn"]


def test_an_empty_zip(tmp_path: Path) -> None:
    assert "the zip is empty" in fails(zipped(tmp_path / "study.zip", {}))


def test_an_encrypted_member_is_listed(study_folder: Folder, tmp_path: Path) -> None:
    folder = study_folder(axial_slice(1))
    archive = zipped(tmp_path / "study.zip", {"0000": (folder / "0000").read_bytes(), "b": b"b"})
    data = bytearray(archive.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(signature) + flags] |= 1
    archive.write_bytes(data)
    assert "encrypted" in reasons(read_study(archive))["study.zip:b"]


def test_zip_bombs_are_not_unpacked(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "bomb.zip", {"zeros": bytes(20_000_000)})
    assert "like a zip bomb: give the unpacked folder" in fails(archive)
    assert "unpacks to 19 MB" in fails(archive, ReadOptions(max_file_bytes=1024 * 1024))
    assert "unpacks to 19 MB" in fails(archive, ReadOptions(max_total_bytes=1024 * 1024))
    many = zipped(tmp_path / "many.zip", {str(n): b"x" for n in range(30)})
    assert "the zip holds 30 files (10 is allowed)" in fails(many, ReadOptions(max_files=10))


# --- real files ---------------------------------------------------------------------------------


def test_the_real_slice_is_read(real_data: Path, tmp_path: Path) -> None:
    study = read_study(real_data / "dicom" / "axial_t2_single_slice.dcm")
    one = study.series[0].slices[0]
    assert one.acquisition.echo_time_ms == 97
    assert one.load_pixels().shape == (320, 320)
    assert one.geometry.column_direction[2] == pytest.approx(-0.286437)
    shutil.copy(real_data / "dicom" / "axial_t2_single_slice.dcm", tmp_path / "copy")
    assert read_study(tmp_path).study_instance_uid == study.study_instance_uid


def test_implicit_files_are_told_by_their_syntax(study_folder: Folder) -> None:
    dataset = axial_slice()
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    acquisition = read_study(study_folder(dataset)).series[0].acquisition
    assert (acquisition.repetition_time_ms, acquisition.slice_thickness_mm) == (3500, 4)
