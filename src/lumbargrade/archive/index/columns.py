"""The table that ``lumbargrade cohort index`` writes: its columns and the words in them.

A row is a file of the archive, usable or not. Texts are either keyed pseudonyms or words
of a closed list (``index_words``): free text of a header never gets here, as it can name a
person. Unknown is null, never 0 and never "".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

INDEX_SCHEMA = "lumbargrade.index/1"
INDEX_FILE = "index.parquet"
DESCRIPTION_FILE = "index.json"


class Reason(StrEnum):
    """Why a file is not usable; the column ``reason`` holds one of these, or null."""

    LINK = "a link: not followed"
    NOT_A_FILE = "not a regular file"
    FOLDER_UNREADABLE = "a folder that cannot be listed"
    UNREADABLE = "cannot be read"
    EMPTY = "an empty file"
    ZIP = "a zip: not opened"
    NOT_DICOM = "not DICOM"
    DICOMDIR = "a DICOMDIR"
    DAMAGED = "a damaged header"
    TOO_LONG = "a header that is too long"
    UNKNOWN_SYNTAX = "an unknown transfer syntax"
    NOT_MR = "not MR"
    NO_PIXELS = "no pixel data"
    TRUNCATED = "truncated"
    NO_IDENTIFIERS = "no valid patient, study, series or instance identifier"
    NO_GEOMETRY = "no usable position, orientation, spacing or size"
    MISSING = "no longer in the archive"


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type, and what it holds."""

    name: str
    type: pa.DataType
    meaning: str


def _columns(*rows: tuple[str, pa.DataType, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


_TEXT, _REAL, _WHOLE = pa.string(), pa.float64(), pa.int32()

COLUMNS = _columns(
    ("file_id", _TEXT, "keyed pseudonym of the path; joins the table of files beside the key"),
    ("usable", pa.bool_(), "an MR image with identifiers, geometry and pixel data"),
    ("reason", _TEXT, "why it is not usable (a word of `Reason`); null where it is"),
    ("patient_id", _TEXT, "keyed pseudonym of Patient ID; of the study where it is empty"),
    ("study_id", _TEXT, "keyed pseudonym of Study Instance UID"),
    ("series_id", _TEXT, "keyed pseudonym of Series Instance UID"),
    ("slice_id", _TEXT, "keyed pseudonym of SOP Instance UID; a copy has the same"),
    ("age_years", pa.int16(), "whole years at the study; 90 stands for 90 and more"),
    ("sex", _TEXT, "`F`, `M` or `O`"),
    ("study_year", pa.int16(), "year of Study Date"),
    ("study_day", _WHOLE, "day of Study Date, counted from a keyed day of the patient's own"),
    ("modality", _TEXT, "`MR`, another modality of the standard, or `other`"),
    ("body_part", _TEXT, "`lumbar spine`, `other spine`, `spine` or `other`"),
    ("level", _TEXT, "`L1/L2` to `L5/S1` where the series names just one"),
    ("plane", _TEXT, "`axial`, `sagittal`, `coronal` or `oblique`"),
    ("contrast", _TEXT, "`t2`, `t1`, `pd`, `fat-suppressed` or `unknown` (diffusion among them)"),
    (
        "picture_kind",
        _TEXT,
        "`acquired`, `localizer`, or what it is instead, as grading judges it",
    ),
    ("manufacturer", _TEXT, "a known manufacturer, or `other`"),
    ("model_name", _TEXT, "a known model, or `other`"),
    ("scanner_id", _TEXT, "keyed pseudonym of the device: maker, model, serial, station"),
    ("institution_id", _TEXT, "keyed pseudonym of Institution Name"),
    ("magnetic_field_strength_t", _REAL, "tesla"),
    ("scanning_sequence", _TEXT, "codes of the standard, such as `SE` or `IR\\SE`"),
    ("sequence_variant", _TEXT, "codes of the standard, such as `SK\\SP`"),
    ("echo_time_ms", _REAL, "Echo Time"),
    ("repetition_time_ms", _REAL, "Repetition Time"),
    ("inversion_time_ms", _REAL, "Inversion Time"),
    ("echo_train_length", _WHOLE, "Echo Train Length"),
    ("rows", _WHOLE, "pixels"),
    ("columns", _WHOLE, "pixels"),
    ("number_of_frames", _WHOLE, "1 in a classic file; geometry and times are the first frame's"),
    ("pixel_spacing_row_mm", _REAL, "between rows (first value of Pixel Spacing)"),
    ("pixel_spacing_column_mm", _REAL, "between columns (second value)"),
    ("slice_thickness_mm", _REAL, "Slice Thickness"),
    ("spacing_between_slices_mm", _REAL, "Spacing Between Slices"),
    ("image_position_mm", pa.list_(_REAL), "three: Image Position (Patient)"),
    ("image_orientation", pa.list_(_REAL), "six cosines: Image Orientation (Patient)"),
    ("transfer_syntax", _TEXT, "UID of the standard"),
    ("burned_in_annotation", pa.bool_(), "Burned In Annotation; null where not said"),
)
"""In the order of the table. docs/reference/index-table.md says the same."""

TABLE = pa.schema([(column.name, column.type) for column in COLUMNS])

FILES_TABLE = pa.schema(
    [
        ("file_id", pa.string()),
        ("path", pa.binary()),
        ("size_bytes", pa.int64()),
        ("modified_ns", pa.int64()),
    ]
)
"""Where each file lies, as bytes below the archive. It lies beside the key, as a path may
name a person. ``size_bytes`` is -1 where the file has gone."""
