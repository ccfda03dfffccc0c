"""What another DICOM object must say about the pictures that it speaks of.

An object that refers to pictures (a structured report) repeats who the patient is and
which study it was. Only these elements are taken from a header, none else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from lumbargrade.errors import StudyError
from lumbargrade.files.quiet import quietly
from lumbargrade.study.dicom.parse import parse
from lumbargrade.study.header import TAGS
from lumbargrade.study.limits import DEFAULT_OPTIONS, Budget
from lumbargrade.study.model import Study
from lumbargrade.study.sources import Kind, SourceFile, read_sources

_KEYWORDS = (
    "SpecificCharacterSet PatientName PatientID PatientBirthDate PatientSex PatientAge "
    "StudyInstanceUID StudyID StudyDate StudyTime StudyDescription AccessionNumber "
    "ReferringPhysicianName SeriesInstanceUID SeriesNumber FrameOfReferenceUID Modality "
    "SOPClassUID SOPInstanceUID InstanceNumber NumberOfFrames Rows Columns PixelSpacing"
)
REFERENCE_TAGS = frozenset(TAGS[keyword] for keyword in _KEYWORDS.split())
"""Tags that a reference keeps: identity of patient, study, series and picture, and its size."""


def references_of(study: Study) -> dict[str, Dataset]:
    """Return SOP Instance UID -> the elements of :data:`REFERENCE_TAGS` of each DICOM picture.

    Elements are decoded, and those that are malformed are left out.
    """
    slices = [one for series in study.series for one in series.slices]
    stored = {one.sop_instance_uid: one.reference for one in slices if one.reference is not None}
    return {uid: decoded(reference) for uid, reference in stored.items()}


def read_references(paths: Sequence[Path]) -> dict[str, Dataset]:
    """Return the references of folders, zips and files of any studies, as in a cohort.

    Raises StudyError if a path cannot be read at all. A file that is no DICOM picture is left out.
    """
    found: dict[str, Dataset] = {}
    for source in read_sources(paths, Budget(DEFAULT_OPTIONS)):
        if not isinstance(source, SourceFile) or source.kind is not Kind.DICOM:
            continue
        with quietly(), suppress(StudyError):
            header = parse(source.data, Budget(DEFAULT_OPTIONS)).header
            if "Rows" in header:
                found[header.text("SOPInstanceUID")] = decoded(header.subset(REFERENCE_TAGS))
    return found


def decoded(stored: Dataset) -> Dataset:
    """Return a reference with its elements decoded; those that are malformed are left out."""
    sound = Dataset()
    with quietly():
        for tag in list(stored.keys()):
            try:
                sound.add(_with_its_vr(stored, tag))
            except Exception:  # a hostile element raises anything
                continue
    return sound


def _with_its_vr(stored: Dataset, tag: BaseTag) -> DataElement:
    """Return a decoded element; one that was written with another VR than its own has its own."""
    raw: object = stored.get_item(tag)
    own = dictionary_VR(tag)
    if isinstance(raw, RawDataElement) and raw.VR not in (None, *own.split(" or ")):
        # Read as what it is, as the slice was: Columns as a name is no number.
        return Dataset({**dict(stored.items()), tag: raw._replace(VR=own)})[tag]
    return stored[tag]


def instance_number(reference: Dataset) -> int | None:
    """Return the Instance Number of a reference; None where there is none."""
    try:
        return int(reference.InstanceNumber)
    except (AttributeError, TypeError, ValueError):
        return None


def age_years(reference: Dataset) -> float | None:
    """Return Patient's Age in years, such as 54.0 for ``"054Y"``; None where it is not said."""
    text = str(getattr(reference, "PatientAge", "") or "")
    per_year = {"Y": 1.0, "M": 12.0, "W": 52.18, "D": 365.25}.get(text[-1:])
    if per_year is None or not text[:-1].isdecimal():
        return None
    return round(int(text[:-1]) / per_year, 2)


def sex(reference: Dataset) -> str:
    """Return Patient's Sex: ``"F"``, ``"M"``, ``"O"``, or nothing."""
    text = str(getattr(reference, "PatientSex", "") or "").upper()
    return text if text in ("F", "M", "O") else ""
