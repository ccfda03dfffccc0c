"""Pictures without a header as MR Image Storage, so that the reader of studies takes them.

Pixel values are those of the picture. Sequence values are typical of the contrast, and the
positions are made up: the slices of a series lie ``APART_MM`` apart. The file says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from benchmarks.real.drawing.places import SPACING_MM
from benchmarks.real.drawing.slices import RealSlice
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.uids import uid_of

ECHO_AND_REPETITION_MS: Mapping[str, tuple[float, float]] = {"t1": (10, 600), "t2": (100, 3500)}
"""Contrast -> echo and repetition time of a usual spin echo; the pictures carry none."""

APART_MM = 35.0
"""About the distance of two lumbar discs."""

THICKNESS_MM = 4.0
COMMENT = "Picture of a public data set without its header: sequence and position are made up"


def geometry_at(picture: NDArray[np.uint8], index: int) -> SliceGeometry:
    """Return the geometry of the ``index``-th slice of a series; 0 is the lowest.

    The patient lies on the back; the picture is upright and seen from the feet.
    """
    rows, columns = picture.shape
    corner = (-(columns - 1) / 2 * SPACING_MM, -(rows - 1) / 2 * SPACING_MM, APART_MM * index)
    spacing = (SPACING_MM, SPACING_MM)
    return SliceGeometry(corner, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), spacing, rows, columns)


def uid(role: str, *names: str) -> str:
    """Return the UID of a study, a series or an instance, which follows from its name alone."""
    return uid_of("/".join(names).encode(), role)


def write_picture(
    one: RealSlice, picture: NDArray[np.uint8], geometry: SliceGeometry, path: Path
) -> None:
    """Write a picture (rows, columns) to ``path``."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = UID(uid("instance", one.file))
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.PatientID = dataset.PatientName = one.patient
    dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.Modality = "MR"
    dataset.StudyInstanceUID = uid("study", one.patient)
    dataset.SeriesInstanceUID = uid("series", one.patient, one.contrast)
    dataset.FrameOfReferenceUID = uid("frame", one.patient)
    dataset.SeriesDescription = f"axial {one.contrast.upper()}"
    dataset.ImageComments = COMMENT
    dataset.PatientPosition = "HFS"
    dataset.ScanningSequence, dataset.SequenceVariant = "SE", "NONE"
    dataset.EchoTime, dataset.RepetitionTime = ECHO_AND_REPETITION_MS[one.contrast]
    dataset.SliceThickness = THICKNESS_MM
    _set_picture(dataset, picture, geometry)
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


def _set_picture(dataset: Dataset, picture: NDArray[np.uint8], geometry: SliceGeometry) -> None:
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1 + round(geometry.position_mm[2] / APART_MM)
    dataset.ImagePositionPatient = [f"{value:.6f}" for value in geometry.position_mm]
    dataset.ImageOrientationPatient = [*geometry.row_direction, *geometry.column_direction]
    dataset.PixelSpacing = list(geometry.pixel_spacing_mm)
    dataset.Rows, dataset.Columns = geometry.rows, geometry.columns
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.PixelData = np.ascontiguousarray(picture, dtype="<u2").tobytes()
    dataset["PixelData"].VR = "OW"
