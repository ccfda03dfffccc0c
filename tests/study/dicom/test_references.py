"""Headers that other objects refer to: an allow-list, and values that may be anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from PIL import Image
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag
from tests.archive.archive import write_study
from tests.study.conftest import axial_slice, enhanced

from lumbargrade.study.dicom.references import (
    REFERENCE_TAGS,
    age_years,
    decoded,
    instance_number,
    read_references,
    references_of,
    sex,
)
from lumbargrade.study.read import ReadOptions, read_study

Folder = Callable[..., Path]


def test_only_what_a_reference_needs_is_kept(tmp_path: Path) -> None:
    study = write_study(tmp_path / "case", "ID1", "1")
    found = read_references([study])
    paths = sorted(study.rglob("*.dcm"))
    assert len(found) == len(paths)
    whole = pydicom.dcmread(paths[0])
    kept = found[whole.SOPInstanceUID]
    assert {element.tag for element in kept} <= set(REFERENCE_TAGS)
    assert kept.StudyInstanceUID == whole.StudyInstanceUID
    assert kept.PatientName == whole.PatientName
    assert "EchoTime" in whole
    assert "EchoTime" not in kept
    assert (instance_number(kept), sex(kept)) == (whole.InstanceNumber, whole.PatientSex)
    assert age_years(kept) == int(whole.PatientAge[:3])


def test_what_is_no_picture_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing", "utf-8")
    (tmp_path / "b.dcm").write_bytes(bytes(128) + b"DICM" + b"\x02\x00\xff")
    assert read_references([tmp_path]) == {}


def test_a_study_keeps_what_the_files_say_without_a_second_reading(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "case", "ID1", "1")
    study, read_again = read_study(folder), read_references([folder])
    for path in folder.rglob("*.dcm"):
        path.unlink()
    assert references_of(study) == read_again
    assert read_again


def test_the_frames_of_a_file_share_one_reference(study_folder: Folder) -> None:
    first, second = read_study(study_folder(enhanced(2))).series[0].slices
    assert first.reference is second.reference
    assert list(references_of(read_study(study_folder(enhanced(2))))) == [first.sop_instance_uid]


def test_a_malformed_element_is_left_out_of_a_reference(study_folder: Folder) -> None:
    (stored,) = {
        id(one.reference): one.reference
        for one in read_study(study_folder(axial_slice(100))).series[0].slices
        if one.reference is not None
    }.values()
    raw = RawDataElement(BaseTag(0x00280011), "US", 1, b"\x50", 0, False, True)  # a byte is no US
    reference = decoded(Dataset({**dict(stored.items()), raw.tag: raw}))
    assert "Columns" not in reference
    assert reference.Rows == 96


def test_a_picture_has_no_reference(tmp_path: Path) -> None:
    Image.new("L", (64, 64), 9).save(tmp_path / "a.png")
    study = read_study(tmp_path / "a.png", ReadOptions(pixel_spacing_mm=(1.0, 1.0)))
    assert study.series[0].slices[0].reference is None
    assert references_of(study) == {}


@pytest.mark.parametrize(
    ("text", "years"), [("061Y", 61), ("018M", 1.5), ("Y", None), ("old", None), ("", None)]
)
def test_ages(text: str, years: float | None) -> None:
    dataset = Dataset()
    dataset.add_new("PatientAge", "LO", text)  # the tag may hold anything
    assert age_years(dataset) == years
    dataset.add_new("PatientSex", "LO", text)
    assert sex(dataset) == ""
    assert instance_number(dataset) is None


def test_an_element_with_a_wrong_vr_is_read_as_its_own(study_folder: Folder) -> None:
    """As the slice was read: Columns written as a name are still columns."""
    folder = study_folder(axial_slice())
    file = folder / "0000"
    columns = b"\x28\x00\x11\x00"
    assert columns + b"US" in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(columns + b"US", columns + b"PN"))
    (reference,) = references_of(read_study(folder)).values()
    assert reference["Columns"].VR == "US"
    assert reference.Columns == 80
