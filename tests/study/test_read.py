"""What is read, what is listed as left out, and what is an error: one clear line each."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.study.conftest import ROOT, axial_slice, fails, picture, reasons, save

from lumbargrade.errors import StudyError
from lumbargrade.study.read import ReadOptions, read_studies, read_study

Folder = Callable[..., Path]


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
    assert len(read_study(str(folder)).series[0].slices) == 2
    assert len(read_study([str(folder / "0000"), folder / "0001"]).series[0].slices) == 2


# --- one clear line each ------------------------------------------------------------------------


def test_empty_folder(tmp_path: Path) -> None:
    assert fails(tmp_path).endswith("the folder is empty: give a folder with a DICOM study")


def test_no_path_at_all() -> None:
    with pytest.raises(StudyError, match="no file or folder was given"):
        read_study([])


def test_folder_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "empty").write_bytes(b"")
    assert "none of its 2 files is a DICOM image" in fails(tmp_path)
    (tmp_path / "empty").unlink()
    assert "its only file is no DICOM image" in fails(tmp_path)


# --- several studies ----------------------------------------------------------------------------


def test_a_zip_of_several_studies(study_folder: Folder, tmp_path: Path) -> None:
    folder = study_folder(axial_slice(1))
    save(axial_slice(1, StudyInstanceUID=f"{ROOT}.2", PatientID="P2"), folder / "b" / "0001")
    contents = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("000*")}
    studies = read_studies(zipped(tmp_path / "two.zip", contents))
    assert [study.series[0].slices[0].source_file for study in studies] == [
        "two.zip:0000",
        "two.zip:b/0001",
    ]
    assert [study.patient_id for study in studies] == ["P1", "P2"]


def test_a_study_spread_over_folders_and_one_beside_it(study_folder: Folder) -> None:
    folder = study_folder()
    for number, name in ((1, "b/deep/1"), (2, "a/2")):
        save(axial_slice(number), folder / name)
        save(axial_slice(number, StudyInstanceUID=f"{ROOT}.2"), folder / f"{name}-other")
    (folder / "DICOMDIR").write_bytes(b"an index that is none")
    first, second = read_studies(folder)
    for study in (first, second):
        assert [len(series.slices) for series in study.series] == [2]
        # Nothing says of which study it is: so it is listed in both.
        assert list(reasons(study)) == ["DICOMDIR"]


def test_slices_that_are_lost_are_a_note_since_levels_are_counted(study_folder: Folder) -> None:
    lost = [axial_slice(number, ImagePositionPatient=None) for number in (1, 2)]
    report = axial_slice(9, series=9, PixelData=None, Rows=None, Columns=None)
    study = read_study(study_folder(*lost, axial_slice(3), axial_slice(4), axial_slice(4), report))
    assert list(reasons(study)) == ["0000", "0001", "0005", "0004"]
    assert study.notes == (
        "0000 and 1 more could not be read though the rest of the series was: if a whole disc is "
        "missing, level names may be one off",
    )


def test_an_empty_file_among_slices_may_be_a_lost_slice(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1))
    save(axial_slice(2), folder / "0002.dcm")
    (folder / "notes.txt").write_text("no slice")
    assert read_study(folder).notes == ()
    (folder / "0003").write_bytes(bytes(2000))
    (folder / "0004.dcm").write_text("something else")
    study = read_study(folder)
    assert study.notes == (
        "0003 and 1 more could not be read though the rest of the series was: if a whole disc is "
        "missing, level names may be one off",
    )
    assert reasons(study)["0003"] == (
        "not an image: the file is empty, or begins with nothing but zeros: copy it again"
    )


def test_a_single_study_has_no_note_and_is_the_same_either_way(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    (study,) = read_studies(folder)
    assert study.notes == ()
    assert [one.geometry for one in study.series[0].slices] == [
        one.geometry for one in read_study(folder).series[0].slices
    ]


def test_a_folder_with_a_name_that_is_no_text(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/r\xfcck"))
    save(axial_slice(1), odd / "b\udce4d")
    save(axial_slice(2, StudyInstanceUID=f"{ROOT}.2"), odd / "ok")
    studies = read_studies(odd)
    assert [one.series[0].slices[0].source_file for one in studies] == ["b?d", "ok"]
    assert all(note.isprintable() for study in studies for note in study.notes)


@pytest.mark.parametrize("paths", [["gone"], []])
def test_nothing_to_read_is_an_error_of_both(paths: list[str]) -> None:
    with pytest.raises(StudyError):
        read_studies(paths)
    with pytest.raises(StudyError):
        read_study(paths)


# --- hostile files ------------------------------------------------------------------------------


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
    assert "nested zip," in reasons(study)["outer.zip:inner.zip"]


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
    assert "damaged inside the zip" in reasons(study)["study.zip:0001"]


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (zipfile.ZIP_DEFLATED, "damaged inside the zip"),
        (zipfile.ZIP_BZIP2, "packed by another method than deflate"),
        (zipfile.ZIP_LZMA, "packed by another method than deflate"),
    ],
    ids=str,
)
def test_a_torn_member_is_listed_whatever_has_packed_it(
    study_folder: Folder, tmp_path: Path, method: int, reason: str
) -> None:
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
    assert reason in reasons(study)["study.zip:torn"]


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
