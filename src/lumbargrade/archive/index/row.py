"""One row of the table of an archive: from a header, or from why there is none."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pydicom.uid import MediaStorageDirectoryStorage

from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.vocabulary import words_of
from lumbargrade.archive.pseudonym import OLDEST_YEARS, Pseudonyms, full_years
from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.acquisition import read_acquisition, read_geometry
from lumbargrade.study.dicom.enhanced import is_enhanced, read_first_frame
from lumbargrade.study.dicom.scanned import ENCAPSULATED, ScannedFile
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.header import TAGS, Header
from lumbargrade.study.limits import DEFAULT_OPTIONS
from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.kind import plane_of
from lumbargrade.study.uids import is_uid

Row = dict[str, Any]

_OF_SERIES = (
    "SpecificCharacterSet SOPClassUID StudyInstanceUID SeriesInstanceUID StudyDate PatientID "
    "PatientBirthDate PatientSex PatientAge InstitutionName StationName DeviceSerialNumber "
    "Manufacturer ManufacturerModelName MagneticFieldStrength Modality ImageType "
    "StudyDescription SeriesDescription ProtocolName BodyPartExamined BurnedInAnnotation "
    "ScanningSequence SequenceVariant SequenceName ScanOptions EchoPulseSequence "
    "EchoPlanarPulseSequence PulseSequenceName ComplexImageComponent DiffusionBValue "
    "ContrastBolusAgent EchoNumbers RepetitionTime EchoTime InversionTime EchoTrainLength "
    "SliceThickness SpacingBetweenSlices"
)
"""What the slices of a series have in common, nearly always."""
_MOST_SHARED = 1024

_OF_SLICE = (
    "SOPInstanceUID Rows Columns NumberOfFrames SamplesPerPixel BitsAllocated "
    "ImagePositionPatient ImageOrientationPatient PixelSpacing"
)
_SHARED = _OF_SERIES.split()
_SHARED_TAGS = tuple(TAGS[keyword] for keyword in _SHARED)
WANTED = frozenset((*_SHARED, *_OF_SLICE.split()))
"""The elements that a row needs. Names, comments and private elements are never read."""

_AGE_TEXT = re.compile(r"(\d{3})([DWMY])")
_DATE = re.compile(r"(19|20)\d{6}")


def unread_row(file_id: str, reason: Reason) -> Row:
    """Return the row of a file without a header."""
    return {"file_id": file_id, "usable": False, "reason": reason.value}


class RowReader:
    """Makes rows. What the slices of a series share is worked out once."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._shared: dict[tuple[str | bytes, ...], tuple[Row, Acquisition]] = {}

    def read(self, file_id: str, scanned: ScannedFile) -> Row:
        """Return the row of a file with a header."""
        header = scanned.header
        shared, acquisition = self._shared_part(scanned)
        row = {"file_id": file_id, **shared}
        uid = header.text("SOPInstanceUID")
        row["slice_id"] = self._pseudonyms.of_slice(uid) if is_uid(uid) else None
        row["rows"], row["columns"] = header.whole("Rows"), header.whole("Columns")
        frames = (
            _whole_within(header.whole_text("NumberOfFrames"), 100_000)
            if "NumberOfFrames" in header
            else 1
        )
        row["number_of_frames"] = frames
        try:
            if is_enhanced(header):
                size = (row["rows"] or 0, row["columns"] or 0)
                frame = read_first_frame(header, size, DEFAULT_OPTIONS)
                acquisition, geometry = frame.acquisition, frame.geometry
                row |= _sequence(acquisition)
            else:
                geometry = _classic_geometry(header, row)
            row |= _place(geometry)
        except StudyError:
            pass  # the row says that it has no geometry
        reason = _reason(scanned, row)
        row["usable"], row["reason"] = reason is None, None if reason is None else reason.value
        return row

    def _shared_part(self, scanned: ScannedFile) -> tuple[Row, Acquisition]:
        header = scanned.header
        key: tuple[str | bytes, ...] = (scanned.syntax, *header.raws(_SHARED_TAGS))
        found = self._shared.get(key)
        if found is None:
            if len(self._shared) >= _MOST_SHARED:
                self._shared.clear()
            acquisition = read_acquisition(header)
            row: Row = {"transfer_syntax": scanned.syntax}
            row |= _identity(header, acquisition, self._pseudonyms)
            row |= _sequence(acquisition) | _header_only(header)
            found = self._shared[key] = row, acquisition
        return found


def _classic_geometry(header: Header, row: Row) -> SliceGeometry:
    if row["number_of_frames"] != 1:
        raise StudyError("several frames, and nothing says where each lies")
    size = (row["rows"] or 0, row["columns"] or 0)
    return read_geometry(header, header, header, size, DEFAULT_OPTIONS)


def _identity(header: Header, acquisition: Acquisition, pseudonyms: Pseudonyms) -> Row:
    study, series = header.text("StudyInstanceUID"), header.text("SeriesInstanceUID")
    patient = _patient(header, pseudonyms)
    study_date, birth_date = _date(header.text("StudyDate")), _date(header.text("PatientBirthDate"))
    day = None
    if study_date and patient:
        day = (study_date - date(1970, 1, 1)).days + pseudonyms.origin_day(patient)
    institution = header.text("InstitutionName")
    device = (
        *(acquisition.manufacturer, acquisition.model_name),
        *(header.text("DeviceSerialNumber"), header.text("StationName")),
    )
    sex = header.text("PatientSex").upper()
    return {
        "patient_id": patient,
        "study_id": pseudonyms.of("study", study) if is_uid(study) else None,
        "series_id": pseudonyms.of("series", series) if is_uid(series) else None,
        "age_years": _age(header.text("PatientAge"), birth_date, study_date),
        "sex": sex if sex in ("F", "M", "O") else None,
        "study_year": study_date.year if study_date else None,
        "study_day": day,
        "scanner_id": pseudonyms.of("scanner", "\x1f".join(device)) if any(device) else None,
        "institution_id": pseudonyms.of("institution", institution) if institution else None,
    }


def _patient(header: Header, pseudonyms: Pseudonyms) -> str | None:
    """One patient for a Patient ID; where there is none, one for the study."""
    study = header.text("StudyInstanceUID")
    identifier = header.text("PatientID")
    return pseudonyms.of_patient(identifier, study if is_uid(study) else "") or None


def _age(text: str, birth_date: date | None, study_date: date | None) -> int | None:
    found = _AGE_TEXT.fullmatch(text)
    if found:
        years = int(found[1]) if found[2] == "Y" else int(found[1]) * _YEARS[found[2]] // 365
    elif birth_date and study_date:
        years = full_years(birth_date, study_date)
    else:
        return None
    return min(years, OLDEST_YEARS) if 0 <= years <= 130 else None


_YEARS = {"D": 1, "W": 7, "M": 30}


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _sequence(acquisition: Acquisition) -> Row:
    words = words_of(acquisition)
    return {
        "modality": words.modality,
        "body_part": words.body_part,
        "level": words.level,
        "contrast": words.contrast,
        "picture_kind": words.picture_kind,
        "manufacturer": words.manufacturer,
        "model_name": words.model_name,
        "magnetic_field_strength_t": _within(acquisition.magnetic_field_strength_t, 30),
        "scanning_sequence": words.scanning_sequence,
        "sequence_variant": words.sequence_variant,
        "echo_time_ms": _within(acquisition.echo_time_ms, 5_000),
        "repetition_time_ms": _within(acquisition.repetition_time_ms, 60_000),
        "inversion_time_ms": _within(acquisition.inversion_time_ms, 60_000),
        "slice_thickness_mm": _within(acquisition.slice_thickness_mm, 1_000),
    }


def _header_only(header: Header) -> Row:
    return {
        "echo_train_length": _whole_within(header.whole_text("EchoTrainLength"), 2_000),
        "spacing_between_slices_mm": _within(header.number("SpacingBetweenSlices"), 1_000),
        "burned_in_annotation": {"YES": True, "NO": False}.get(header.text("BurnedInAnnotation")),
    }


def _within(value: float | None, most: float) -> float | None:
    """A number that cannot be what it is named (an identifier, say) is not kept."""
    return value if value is not None and 0 <= value <= most else None


def _whole_within(value: int | None, most: int) -> int | None:
    return value if value is not None and 0 <= value <= most else None


def _place(geometry: SliceGeometry) -> Row:
    spacing = geometry.pixel_spacing_mm
    return {
        "plane": plane_of(geometry.normal),
        "pixel_spacing_row_mm": spacing[0],
        "pixel_spacing_column_mm": spacing[1],
        "image_position_mm": geometry.position_mm,
        "image_orientation": (*geometry.row_direction, *geometry.column_direction),
    }


def _reason(scanned: ScannedFile, row: Row) -> Reason | None:
    identifiers = ("patient_id", "study_id", "series_id", "slice_id")
    checks = (
        (scanned.header.text("SOPClassUID") == MediaStorageDirectoryStorage, Reason.DICOMDIR),
        (scanned.pixel_bytes is None and scanned.truncated, Reason.TRUNCATED),
        (row["modality"] != "MR", Reason.NOT_MR),
        (scanned.pixel_bytes is None, Reason.NO_PIXELS),
        (scanned.truncated or _is_short(scanned, row), Reason.TRUNCATED),
        (any(row.get(name) is None for name in identifiers), Reason.NO_IDENTIFIERS),
        ("plane" not in row, Reason.NO_GEOMETRY),
    )
    return next((reason for applies, reason in checks if applies), None)


def _is_short(scanned: ScannedFile, row: Row) -> bool:
    """Fewer bytes of uncompressed pixels than the header promises."""
    if scanned.pixel_bytes is None or scanned.pixel_bytes == ENCAPSULATED:
        return False
    header = scanned.header
    bits = (header.whole("BitsAllocated") or 0) * (header.whole("SamplesPerPixel") or 1)
    pixels: int = (row["rows"] or 0) * (row["columns"] or 0) * (row["number_of_frames"] or 0)
    return scanned.pixel_bytes * 8 < bits * pixels
