"""A picture that comes twice is read once; pictures that differ are all read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom.uid import RLELossless
from tests.study.conftest import ROOT, axial_slice, picture, reasons

from lumbargrade.study.model import Study
from lumbargrade.study.read import read_study

Folder = Callable[..., Path]
UID = f"{ROOT}.1.1.1"


def files(study: Study) -> list[str]:
    return [one.source_file for series in study.series for one in series.slices]


def packed() -> Any:
    dataset = axial_slice(1)
    dataset.compress(RLELossless, generate_instance_uid=False)
    return dataset


def test_identical_copies_are_kept_once_and_listed(study_folder: Folder) -> None:
    study = read_study(study_folder(axial_slice(1), axial_slice(1), axial_slice(2)))
    assert files(study) == ["0000", "0002"]
    assert reasons(study) == {"0001": "a copy of 0000 (same SOP Instance UID)"}
    assert study.notes == ()


def test_a_compressed_copy_is_a_copy(study_folder: Folder) -> None:
    study = read_study(study_folder(axial_slice(1), packed()))
    assert "a copy of 0000" in reasons(study)["0001"]


@pytest.mark.parametrize("first_is_damaged", [False, True])
def test_of_two_copies_the_sound_one_is_read(study_folder: Folder, first_is_damaged: bool) -> None:
    damaged = packed()
    damaged.PixelData = damaged.PixelData[:400] + bytes(len(damaged.PixelData) - 400)
    damaged["PixelData"].is_undefined_length = True
    pair = [damaged, axial_slice(1)] if first_is_damaged else [axial_slice(1), damaged]
    study = read_study(study_folder(*pair, axial_slice(2)))
    sound, bad = ("0001", "0000") if first_is_damaged else ("0000", "0001")
    assert files(study) == [sound, "0002"]
    assert reasons(study) == {bad: f"a damaged copy of {sound} (same SOP Instance UID)"}


@pytest.mark.parametrize(
    "change",
    [
        {"PixelData": picture(9).tobytes()},
        {"ImagePositionPatient": [0, 0, 0]},
        {"PixelSpacing": [1.1, 1.1]},
    ],
)
def test_different_pictures_with_one_uid_are_all_read_with_a_note(
    study_folder: Folder, change: dict[str, Any]
) -> None:
    study = read_study(study_folder(axial_slice(1), axial_slice(2), axial_slice(1, **change)))
    assert sorted(files(study)) == ["0000", "0001", "0002"]
    assert study.not_read == ()
    (note,) = study.notes
    assert note.startswith("2 files share a SOP Instance UID with another of their series")
    assert "for example 0000 and 0002: all are read" in note


def test_one_uid_for_a_whole_series_is_one_note(study_folder: Folder) -> None:
    slices = [axial_slice(number, SOPInstanceUID=UID) for number in range(1, 6)]
    study = read_study(study_folder(*slices))
    assert len(files(study)) == 5
    assert [note.split(" files")[0] for note in study.notes] == ["5"]


def test_uids_that_repeat_in_every_series_are_no_copies(study_folder: Folder) -> None:
    """As LumbarDISC is released: study.1.instance, in each series."""
    released = [
        axial_slice(
            number,
            series,
            SOPInstanceUID=f"4003253.1.{number}",
            SeriesInstanceUID=f"4003253.{series}",
            StudyInstanceUID="4003253",
            Modality=None,
            SOPClassUID=None,
            PixelData=picture(10 * series + number).tobytes(),
        )
        for series in (1, 2)
        for number in (1, 2, 3)
    ]
    study = read_study(study_folder(*released))
    assert [len(series.slices) for series in study.series] == [3, 3]
    assert (study.not_read, study.notes) == ((), ())
