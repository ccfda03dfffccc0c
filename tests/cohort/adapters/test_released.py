"""A copy is an MR image with a UID of its own, and its pixels stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import MRImageStorage
from tests.archive.archive import write_study

from lumbargrade.cohort.adapters.released import copy_as_mr
from lumbargrade.errors import OutputError, StudyError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = sorted(write_study(tmp_path / "study", "P1", "7").rglob("*.dcm"))[0]
    dataset = dcmread(path)
    del dataset.Modality
    dataset.save_as(path)
    return path


def test_the_copy_says_what_the_release_does_not(source: Path, tmp_path: Path) -> None:
    copy_as_mr(source, tmp_path / "new" / "1.dcm", "2.25.7", "Axial T2")
    made, before = dcmread(tmp_path / "new" / "1.dcm"), dcmread(source)
    assert (made.Modality, made.SOPClassUID) == ("MR", MRImageStorage)
    assert made.SOPInstanceUID == made.file_meta.MediaStorageSOPInstanceUID == "2.25.7"
    assert made.SeriesDescription == "Axial T2"
    assert made.PixelData == before.PixelData
    assert before.SOPInstanceUID != "2.25.7"


def test_what_cannot_be_read_or_written_is_named(source: Path, tmp_path: Path) -> None:
    (tmp_path / "text.dcm").write_bytes(b"text")
    with pytest.raises(StudyError, match=r"text\.dcm: cannot be read as DICOM \(Invalid"):
        copy_as_mr(tmp_path / "text.dcm", tmp_path / "new.dcm", "2.25.7", "Axial T2")
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(OutputError, match=r"cannot be copied into the cohort .* on a disk with"):
        copy_as_mr(source, tmp_path / "taken" / "1.dcm", "2.25.7", "Axial T2")
    plain, rle = b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0"
    assert plain in source.read_bytes()
    source.write_bytes(source.read_bytes().replace(plain, rle, 1))  # and the pixels are not
    with pytest.raises(StudyError, match=r"cannot be written as DICOM \(\w+\): unpack it again"):
        copy_as_mr(source, tmp_path / "new.dcm", "2.25.7", "Axial T2")
