"""From bytes to elements: syntaxes, character sets, and what is damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from tests.study.conftest import axial_slice, fails, picture

from lumbargrade.errors import StudyError
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]


def test_files_without_preamble_are_read(study_folder: Folder) -> None:
    file = study_folder(axial_slice()) / "0000"
    file.write_bytes(file.read_bytes()[132:])
    np.testing.assert_array_equal(read_study(file).series[0].slices[0].load_pixels(), picture(1))


def test_implicit_files_are_told_by_their_syntax(study_folder: Folder) -> None:
    dataset = axial_slice()
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    acquisition = read_study(study_folder(dataset)).series[0].acquisition
    assert (acquisition.repetition_time_ms, acquisition.slice_thickness_mm) == (3500, 4)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.1", "1.2.3.4"])
def test_an_unknown_transfer_syntax_is_refused(study_folder: Folder, syntax: str) -> None:
    file = study_folder(axial_slice()) / "0000"
    known, data = ExplicitVRLittleEndian.encode(), file.read_bytes()
    assert known in data
    file.write_bytes(data.replace(known, syntax.encode().ljust(len(known), b"\0")))
    assert "unknown transfer syntax: export it as uncompressed DICOM" in fails(file)


def test_sequences_nested_without_end_are_refused(study_folder: Folder) -> None:
    file = study_folder(axial_slice()) / "0000"
    start = b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    data = file.read_bytes()
    place = data.index(b"\x08\x00\x18\x00UI")
    file.write_bytes(data[:place] + start * 3000 + data[place:])
    assert "nested too deep" in fails(file)


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


def test_a_deflated_bomb_is_not_inflated(study_folder: Folder) -> None:
    dataset = axial_slice(TextValue="x" * 5_000_000)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    folder = study_folder(dataset)
    assert (folder / "0000").stat().st_size < 200_000
    with pytest.raises(StudyError, match="deflated DICOM file unpacks to more than 1 MB"):
        read_study(folder, ReadOptions(max_inflated_bytes=1024 * 1024))


def test_a_deflated_file_cut_short_is_refused(study_folder: Folder) -> None:
    dataset = axial_slice()
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    file = study_folder(dataset) / "0000"
    file.write_bytes(file.read_bytes()[:-300])
    with pytest.raises(StudyError, match="truncated deflated DICOM file: copy or export it again"):
        read_study(file)
