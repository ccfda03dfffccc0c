"""Headers that other objects refer to: an allow-list, and values that may be anything."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from tests.archive.archive import write_study

from lumbargrade.study.dicom.references import (
    REFERENCE_TAGS,
    age_years,
    instance_number,
    read_references,
    sex,
)


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
