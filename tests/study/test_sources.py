"""Files below a path: pipes, odd names, and what kind a file is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.study.conftest import axial_slice, fails, reasons, save

from lumbargrade.errors import StudyError
from lumbargrade.study.read import ReadOptions, read_study
from lumbargrade.study.sources import Kind, kind_of, shown

Folder = Callable[..., Path]


def test_path_that_does_not_exist(tmp_path: Path) -> None:
    assert "no such file or folder" in fails(tmp_path / "gone")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(study_folder: Folder) -> None:
    folder = study_folder(axial_slice())
    os.mkfifo(folder / "pipe")
    assert reasons(read_study(folder))["pipe"] == "not a regular file"


def test_a_link_to_itself_is_left_out_alone(study_folder: Folder) -> None:
    folder = study_folder(axial_slice())
    (folder / "loop").symlink_to("loop")
    study = read_study(folder)
    assert len(study.series[0].slices) == 1
    assert reasons(study)["loop"].startswith("the file cannot be read: ")


def closed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Make folders of this name refuse to be listed, even to the administrator."""
    listed = os.scandir

    def refuse(place: Path) -> object:
        if Path(place).name == name:
            raise PermissionError(13, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", refuse)


def test_a_closed_folder_inside_is_left_out_alone(
    study_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = study_folder(axial_slice(1))
    save(axial_slice(2), folder / "closed" / "0001")
    save(axial_slice(3), folder / "open" / "deep" / "closed" / "0002")
    save(axial_slice(4), folder / "open" / "0003")
    closed(monkeypatch, "closed")
    study = read_study(folder)
    assert [one.source_file for one in study.series[0].slices] == ["0000", "open/0003"]
    assert reasons(study) == dict.fromkeys(
        ("closed", "open/deep/closed"), "the folder cannot be listed: Permission denied"
    )


def test_a_link_to_a_folder_is_not_passed_over_in_silence(
    study_folder: Folder, tmp_path: Path
) -> None:
    folder = study_folder(axial_slice(1))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    save(axial_slice(2), elsewhere / "0002")
    (folder / "more").symlink_to(elsewhere, target_is_directory=True)
    study = read_study(folder)
    assert len(study.series[0].slices) == 1
    assert reasons(study) == {"more": "a link to a folder is not followed: give that folder"}


def test_a_closed_folder_that_was_given_is_an_error(
    study_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = study_folder(axial_slice(1))
    closed(monkeypatch, folder.name)
    assert "the folder cannot be listed: Permission denied" in fails(folder)


def test_unprintable_names_stay_on_one_line(tmp_path: Path) -> None:
    file = save(axial_slice(SeriesDescription="t2\x07tra"), tmp_path / "a\nb")
    file.write_bytes(file.read_bytes()[:-50])
    with pytest.raises(StudyError) as caught:
        read_study(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (bytes(128) + b"DICM", Kind.DICOM),
        (b"\x08\x00\x05\x00CS", Kind.DICOM),
        (b"\x08\x00\x06\x00CS", Kind.OTHER),
        (b"PK\x05\x06", Kind.ZIP),
        (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
        (b"\xff\xd8\xff\xe0", Kind.PICTURE),
        (b"MM\x00*", Kind.PICTURE),
        (b"\x1f\x8b", Kind.NIFTI),
        (bytes(344) + b"n+1\x00", Kind.NIFTI),
        (b"", Kind.OTHER),
    ],
)
def test_kinds_of_files(head: bytes, kind: Kind) -> None:
    assert kind_of(head) is kind


def test_foreign_text_is_one_line_of_limited_length() -> None:
    assert shown("a\nb\udcff") == "a?b?"
    assert shown("x" * 201) == "x" * 197 + "..."
    assert shown("x" * 200) == "x" * 200


def test_folders_nested_too_deep_are_left_out_alone(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1))
    save(axial_slice(2), folder / "a" / "b" / "c" / "0002")
    study = read_study(folder, ReadOptions(max_depth=2))
    assert reasons(study) == {"a/b/c": "more than 2 folders deep: give that folder"}


def test_too_many_files_and_folders_are_counted_while_they_are_listed(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1))
    for number in range(6):
        (folder / f"empty {number}").mkdir()
        (folder / f"file {number}").write_bytes(b"x")
    assert "the study holds more than 6 files" in fails(folder, ReadOptions(max_files=6))
    assert "holds more than 6 folders" in fails(folder, ReadOptions(max_folders=6))
    assert len(read_study(folder, ReadOptions(max_files=7, max_folders=7)).not_read) == 6
