"""A row from a header: who, how, where, and why not."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import MediaStorageDirectoryStorage
from tests.archive.archives import patient_slice
from tests.study.conftest import save

from lumbargrade.archive.index.columns import COLUMNS, Reason
from lumbargrade.archive.index.row import WANTED, RowReader, _classic_geometry
from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.scan import scan_header
from lumbargrade.study.header import Header


def row_of(dataset: Dataset, folder: Path, reader: RowReader | None = None, cut: int = 0) -> Any:
    path = save(dataset, folder / "file")
    size = path.stat().st_size - cut
    os.truncate(path, size)
    with io.FileIO(path) as file:
        scanned = scan_header(file.fileno(), size, WANTED)
    row = (reader or RowReader(Pseudonyms(b"k" * 32))).read("id", scanned)
    assert set(row) <= {column.name for column in COLUMNS}
    return row


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({}, None),
        ({"Modality": "CT"}, Reason.NOT_MR),
        ({"Modality": None}, Reason.NOT_MR),
        ({"PixelData": None}, Reason.NO_PIXELS),
        ({"Rows": 97}, Reason.TRUNCATED),
        ({"StudyInstanceUID": "1.2.x"}, Reason.NO_IDENTIFIERS),
        ({"SOPInstanceUID": None}, Reason.NO_IDENTIFIERS),
        ({"SeriesInstanceUID": ""}, Reason.NO_IDENTIFIERS),
        ({"ImagePositionPatient": None}, Reason.NO_GEOMETRY),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, Reason.NO_GEOMETRY),
        ({"PixelSpacing": [0, 1]}, Reason.NO_GEOMETRY),
        ({"NumberOfFrames": 1}, None),
        ({"NumberOfFrames": 0}, Reason.NO_GEOMETRY),
        ({"NumberOfFrames": 2, "Rows": 48}, Reason.NO_GEOMETRY),
        ({"Rows": None}, Reason.NO_GEOMETRY),
        ({"SOPClassUID": MediaStorageDirectoryStorage}, Reason.DICOMDIR),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, on writing 1.2.x
def test_why_a_file_is_not_usable(
    tmp_path: Path, overrides: dict[str, Any], reason: Reason | None
) -> None:
    row = row_of(patient_slice(1, **overrides), tmp_path)
    assert row["reason"] == reason
    assert row["usable"] is (reason is None)


def test_several_frames_without_groups_have_no_place() -> None:
    """The reader catches it; its row gives the reason NO_GEOMETRY instead."""
    with pytest.raises(StudyError, match="several frames, and nothing says where each lies"):
        _classic_geometry(Header(Dataset(), little_endian=True), {"number_of_frames": 2})


def test_a_file_that_is_cut_is_truncated(tmp_path: Path) -> None:
    assert row_of(patient_slice(1), tmp_path, cut=1)["reason"] == Reason.TRUNCATED
    pixels = len(patient_slice(1).PixelData)
    assert row_of(patient_slice(1), tmp_path, cut=pixels + 40)["reason"] == Reason.TRUNCATED


@pytest.mark.parametrize(
    ("overrides", "age"),
    [
        ({"PatientAge": "054Y"}, 54),
        ({"PatientAge": "030M"}, 2),
        ({"PatientAge": "091Y"}, 90),
        ({"PatientAge": "131Y"}, None),
        ({"PatientAge": "", "PatientBirthDate": "19700416"}, 49),
        ({"PatientAge": "", "PatientBirthDate": "19700418"}, 48),
        ({"PatientAge": "", "PatientBirthDate": "19000101"}, 90),
        ({"PatientAge": "", "PatientBirthDate": ""}, None),
        ({"PatientAge": "", "StudyDate": "20190231"}, None),
    ],
)
def test_age_in_whole_years(tmp_path: Path, overrides: dict[str, Any], age: int | None) -> None:
    assert row_of(patient_slice(1, **overrides), tmp_path)["age_years"] == age


@pytest.mark.parametrize(
    "nobody", ["", "ANON", "Anonymous", "0000", "UNKNOWN", "n/a", "XXX", "anonymized"]
)
def test_a_patient_id_that_is_none_does_not_merge_patients(tmp_path: Path, nobody: str) -> None:
    first, again, other = (
        row_of(patient_slice(number, 1, PatientID=nobody), tmp_path) for number in (1, 1, 2)
    )
    assert first["patient_id"] == again["patient_id"] != other["patient_id"]


def test_days_order_the_studies_of_a_patient(tmp_path: Path) -> None:
    first, later = (
        row_of(patient_slice(1, StudyDate=date), tmp_path) for date in ("20181230", "20190104")
    )
    assert later["study_day"] - first["study_day"] == 5
    assert (first["study_year"], later["study_year"]) == (2018, 2019)
    other = row_of(patient_slice(2, StudyDate="20181230"), tmp_path)
    assert other["study_day"] != first["study_day"]


def test_numbers_that_cannot_be_are_not_kept(tmp_path: Path) -> None:
    row = row_of(
        patient_slice(1, EchoTime="48151623", EchoTrainLength="4815162", SliceThickness="-1"),
        tmp_path,
    )
    assert row["echo_time_ms"] is row["echo_train_length"] is row["slice_thickness_mm"] is None


def test_slices_of_a_series_that_differ_are_told_apart(tmp_path: Path) -> None:
    reader = RowReader(Pseudonyms(b"k" * 32))
    first = row_of(patient_slice(1), tmp_path, reader)
    second = row_of(patient_slice(1, 2, EchoTime=20, RepetitionTime=500), tmp_path, reader)
    assert (first["contrast"], second["contrast"]) == ("t2", "t1")
    assert first["series_id"] == second["series_id"]
    assert first["slice_id"] != second["slice_id"]
    assert row_of(patient_slice(1), tmp_path, reader) == first


def test_a_patient_id_in_any_character_set_is_one_patient(tmp_path: Path) -> None:
    rows = [
        row_of(patient_slice(1, SpecificCharacterSet=name, PatientID="M\xfcller 7"), tmp_path)
        for name in ("ISO_IR 100", "ISO_IR 192")
    ]
    assert rows[0]["patient_id"] == rows[1]["patient_id"]


def test_an_enhanced_object_gives_its_first_frame(tmp_path: Path) -> None:
    dataset = patient_slice(1)
    for name in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "EchoTime"):
        delattr(dataset, name)
    shared, first, second = Dataset(), Dataset(), Dataset()
    measures, orientation, echo = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.7, 0.8], 4
    orientation.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    echo.EffectiveEchoTime = 99.0
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [measures], [orientation]
    shared.MREchoSequence = [echo]
    for frame, height in ((first, 5), (second, 9)):
        place = Dataset()
        place.ImagePositionPatient = [1, 2, height]
        frame.PlanePositionSequence = [place]
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = [first, second]
    dataset.NumberOfFrames, dataset.PixelData = 2, dataset.PixelData * 2
    row = row_of(dataset, tmp_path)
    assert row["usable"], row["reason"]
    assert row["number_of_frames"] == 2
    assert row["image_position_mm"] == (1, 2, 5)
    assert (row["plane"], row["echo_time_ms"]) == ("sagittal", 99)
    assert (row["pixel_spacing_row_mm"], row["pixel_spacing_column_mm"]) == (0.7, 0.8)


@pytest.mark.parametrize(
    ("overrides", "contrast", "kind"),
    [
        ({}, "t2", "acquired"),
        ({"DiffusionBValue": 800.0}, "unknown", "a diffusion picture"),
        ({"ScanningSequence": ["EP", "SE"]}, "unknown", "an echo-planar picture"),
        ({"SequenceName": "*ep_b0"}, "unknown", "an echo-planar picture"),
        ({"SeriesDescription": "ADC"}, "unknown", "a diffusion map"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]}, "t2", "a mosaic"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "t2", "not an MR image"),
        ({"BurnedInAnnotation": "YES"}, "t2", "a picture with burned-in text"),
        ({"ComplexImageComponent": "PHASE"}, "t2", "a phase picture"),
    ],
)
def test_kind_and_contrast_are_those_of_grading(
    tmp_path: Path, overrides: dict[str, Any], contrast: str, kind: str
) -> None:
    row = row_of(patient_slice(1, **overrides), tmp_path)
    assert (row["contrast"], row["picture_kind"]) == (contrast, kind)
    assert row["usable"]


def test_the_study_description_tells_the_region(tmp_path: Path) -> None:
    described: dict[str, Any] = {
        "BodyPartExamined": "SPINE",
        "StudyDescription": "MR CERVICAL SPINE",
    }
    assert row_of(patient_slice(1, **described), tmp_path)["body_part"] == "other spine"
