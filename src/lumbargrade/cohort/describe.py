"""What a header alone says of a slice of a cohort."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import Dataset

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.references import age_years, sex
from lumbargrade.study.likeness.perceptual_hash import picture_code
from lumbargrade.study.model import Acquisition, Slice
from lumbargrade.study.series.contrast import contrast_of


def described(
    picture: Slice, file: Path, patient: str, reference: Dataset, contrast: str = ""
) -> CohortSlice:
    """Return a slice of which nothing is known but what its header says."""
    return CohortSlice(
        patient_id=patient,
        file=file,
        series_instance_uid=picture.series_instance_uid,
        sop_instance_uid=picture.sop_instance_uid,
        contrast=contrast or contrast_of(picture.acquisition),
        level=None,
        disc_in_plane=None,
        center_px=None,
        grades={},
        scanner=_scanner_name(picture.acquisition),
        external=False,
        age_years=age_years(reference),
        sex=sex(reference),
        field_strength_t=picture.acquisition.magnetic_field_strength_t,
        picture_code=_code_of(picture),
    )


def _scanner_name(acquisition: Acquisition) -> str:
    """Return manufacturer and model as one text; ``"unknown"`` where neither is said."""
    parts = (acquisition.manufacturer, acquisition.model_name)
    return " ".join(part for part in parts if part) or "unknown"


def _code_of(picture: Slice) -> str | None:
    """Return the code of a slice's picture; None where it cannot be decoded or is tiny."""
    try:
        return picture_code(picture.load_pixels())
    except (StudyError, ValueError):
        return None
