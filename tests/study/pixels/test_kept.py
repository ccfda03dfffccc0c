"""Pixels that stay in memory while there is room, and are read once more beyond."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.study.conftest import axial_slice

from lumbargrade.errors import OverBudgetError, StudyError
from lumbargrade.study.limits import Budget
from lumbargrade.study.pixels.kept import StoredPixels
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]
NOTHING_KEPT = ReadOptions(max_kept_bytes=0)


def test_what_has_no_room_is_read_again() -> None:
    budget = Budget(ReadOptions(max_kept_bytes=5))
    kept = StoredPixels(b"12345", lambda: b"other", budget)
    again = StoredPixels(b"12345", lambda: b"12345", budget)
    bound = StoredPixels(b"12345", None, budget)
    changed = StoredPixels(b"54321", lambda: b"12345", budget)
    assert [one.read() for one in (kept, again, bound)] == [b"12345"] * 3
    assert kept.is_same(again)
    assert again.is_same(bound)
    assert not changed.is_same(kept)
    assert not kept.is_same(StoredPixels(b"1234", None, budget))
    with pytest.raises(StudyError, match="the file was changed while the study was read: grade it"):
        changed.read()


def test_a_study_reads_the_same_from_memory_disk_and_zip(
    study_folder: Folder, tmp_path: Path
) -> None:
    folder = study_folder(*(axial_slice(number) for number in (1, 2, 3)))
    packed = tmp_path / "study.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    expected = [one.load_pixels() for one in read_study(folder).series[0].slices]
    for paths in (folder, packed):
        slices = read_study(paths, NOTHING_KEPT).series[0].slices
        for one, pixels in zip(slices, expected, strict=True):
            np.testing.assert_array_equal(one.load_pixels(), pixels)


def test_a_file_that_goes_or_changes_meanwhile_is_said(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    first, second = read_study(folder, NOTHING_KEPT).series[0].slices
    (folder / "0000").unlink()
    with pytest.raises(StudyError, match="the file cannot be read any more: No such file"):
        first.load_pixels()
    data = (folder / "0001").read_bytes()
    (folder / "0001").write_bytes(data[:-2] + b"\x55\x55")
    with pytest.raises(StudyError, match="the file was changed while the study was read"):
        second.load_pixels()


def test_decoded_pixels_are_counted_over_the_study(study_folder: Folder) -> None:
    folder = study_folder(axial_slice(1), axial_slice(2))
    shape = read_study(folder).series[0].slices[0].geometry
    most = shape.rows * shape.columns
    options = replace(NOTHING_KEPT, max_decoded_pixels=most)
    first, second = read_study(folder, options).series[0].slices
    first.load_pixels()
    with pytest.raises(OverBudgetError, match="the slices of the study hold more than"):
        second.load_pixels()
