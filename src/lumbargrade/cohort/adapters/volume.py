"""A volume out of a .mha as slices, and those as DICOM files that the project reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from lumbargrade.errors import CohortError, OutputError, StudyError
from lumbargrade.study.limits import DEFAULT_OPTIONS, Budget
from lumbargrade.study.model import Slice
from lumbargrade.study.sources import Kind, SourceFile
from lumbargrade.study.uids import uid_of
from lumbargrade.study.volumes.metaimage import load_metaimage
from lumbargrade.study.volumes.nifti import StoredVolume, volume_slices

_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_LARGEST = 65535


@dataclass(frozen=True)
class Volume:
    """Voxels (i, j, k), their affine into LPS mm, and the slices in which it was acquired."""

    path: Path
    values: NDArray[np.generic]
    affine: NDArray[np.float64]
    slices: tuple[Slice, ...]


def load_volume(path: Path) -> Volume:
    """Read a .mha. Raises CohortError if it cannot be read; the message names it."""
    try:
        if path.stat().st_size > DEFAULT_OPTIONS.max_file_bytes:
            raise CohortError(f"{path}: is too large for one series")
        data = path.read_bytes()
        values, affine = load_metaimage(data, DEFAULT_OPTIONS)
        source = SourceFile(path.name, Kind.NIFTI, data)
        stored = StoredVolume(values, _LPS_TO_RAS @ affine)
        slices = volume_slices(source, stored, Budget(DEFAULT_OPTIONS))
    except OSError as error:
        raise CohortError(f"{path}: cannot be read ({error.strerror or error})") from None
    except StudyError as error:
        raise CohortError(f"{path}: {error}") from None
    return Volume(path, values, affine, slices)


def write_slices(
    volume: Volume, folder: Path, names: tuple[str, str, str]
) -> list[tuple[Slice, Path, Dataset]]:
    """Write each slice as an MR image; return slice (with its own UID), file and header.

    ``names`` are Patient ID, Study Instance UID and Series Description. Raises OutputError if a
    file cannot be written.
    """
    slope, intercept, kind = _storage(volume.values)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(volume.slices, start=1):
            sop = uid_of(f"{one.series_instance_uid} {number}".encode(), "instance")
            dataset = _header(one, names, sop, number)
            stored = np.rint((one.load_pixels() - intercept) / slope).astype(kind)
            dataset.PixelRepresentation = int(kind == "<i2")
            dataset.RescaleSlope, dataset.RescaleIntercept = f"{slope:.10g}", f"{intercept:.10g}"
            dataset.PixelData = stored.tobytes()
            dataset["PixelData"].VR = "OW"
            path = folder / f"{number:04d}.dcm"
            dataset.save_as(path, enforce_file_format=True)
            slice_ = replace(one, sop_instance_uid=sop, frame_number=1, source_file=path.name)
            written.append((slice_, path, dataset))
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written ({error.strerror or error}): choose -o on a disk with "
            "free space"
        ) from error
    return written


def _storage(values: NDArray[np.generic]) -> tuple[float, float, str]:
    """Return (slope, intercept, type) by which values become 16 bits; whole ones stay exact."""
    low, high = float(values.min()), float(values.max())
    whole = bool(np.issubdtype(values.dtype, np.integer))
    if whole and low >= 0 and high <= _LARGEST:
        return 1.0, 0.0, "<u2"
    if whole and low >= -32768 and high <= 32767:
        return 1.0, 0.0, "<i2"
    return max((high - low) / _LARGEST, 1e-9), low, "<u2"


def _header(one: Slice, names: tuple[str, str, str], sop: str, number: int) -> Dataset:
    geometry = one.geometry
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(sop)
    dataset.PatientID, dataset.StudyInstanceUID, dataset.SeriesDescription = names
    dataset.PatientName = dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.StudyDate = dataset.StudyTime = dataset.StudyID = dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = dataset.Manufacturer = ""
    dataset.SeriesInstanceUID = one.series_instance_uid
    dataset.SeriesNumber, dataset.InstanceNumber = None, number
    dataset.Modality = "MR"
    dataset.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
    dataset.ScanningSequence, dataset.SequenceVariant = "RM", "NONE"
    dataset.ScanOptions, dataset.MRAcquisitionType = "", ""
    dataset.SliceThickness = f"{one.acquisition.slice_thickness_mm or 0:.6g}"
    dataset.EchoTime = dataset.RepetitionTime = dataset.EchoTrainLength = None
    dataset.ImagePositionPatient = [f"{value:.8g}" for value in geometry.position_mm]
    cosines = (*geometry.row_direction, *geometry.column_direction)
    dataset.ImageOrientationPatient = [f"{value:.9f}" for value in cosines]
    dataset.PixelSpacing = [f"{value:.8g}" for value in geometry.pixel_spacing_mm]
    dataset.Rows, dataset.Columns = geometry.rows, geometry.columns
    dataset.FrameOfReferenceUID = uid_of(one.series_instance_uid.encode(), "frame")
    dataset.PositionReferenceIndicator = ""
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    return dataset
