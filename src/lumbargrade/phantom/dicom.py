"""Write a simulated study as MR Image Storage instances (PS3.3 A.4, explicit little endian).

All series of a study share one Frame of Reference, and every UID is 2.25 + a hash of
the cohort's key and the instance's place in it, so the same seed gives the same bytes.
What all slices of a series have in common is set once; only the elements of the slice
change from file to file, which is most of the speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from lumbargrade import __version__
from lumbargrade.phantom.simulated import SimulatedSeries, SimulatedSlice, SimulatedStudy
from lumbargrade.study.uids import uid_of

BITS_STORED = 12
LARGEST_VALUE = 2**BITS_STORED - 1
STUDY_DATE = "20260105"
IMPLEMENTATION_UID = UID("2.25.93460277230137106104398204125938217853")
ECHO_TRAIN_LENGTH = {"t2": 15, "t1": 3}


@dataclass(frozen=True)
class WrittenInstance:
    """One file: where it is (relative to the study folder) and what it shows."""

    file: str
    series_instance_uid: str
    sop_instance_uid: str
    series: SimulatedSeries
    slice: SimulatedSlice


@dataclass(frozen=True)
class WrittenStudy:
    """The files of one study in the order they were written."""

    study_instance_uid: str
    instances: tuple[WrittenInstance, ...]


def write_study(study: SimulatedStudy, folder: Path, key: str) -> WrittenStudy:
    """Write every slice to ``folder/<series kind>/0001.dcm`` and so on.

    ``key`` names the cohort; UIDs follow from it and the patient identifier. Raises ValueError if
    pixels do not fit their geometry or need more than 12 bits.
    """
    study_uid = _uid(key, study.patient_id, "study")
    common = _study_dataset(study, study_uid, _uid(key, study.patient_id, "frame"))
    written: list[WrittenInstance] = []
    for number, series in enumerate(study.series, start=1):
        series_uid = _uid(key, study.patient_id, number, "series")
        target = folder / series.kind
        target.mkdir(parents=True, exist_ok=True)
        dataset = _series_dataset(common, series, series_uid, number)
        for index, simulated in enumerate(series.slices, start=1):
            name = f"{series.kind}/{index:04d}.dcm"
            sop_uid = _uid(key, study.patient_id, number, index, "instance")
            _set_slice(dataset, simulated, sop_uid, index)
            dataset.save_as(folder / name, enforce_file_format=True)
            written.append(WrittenInstance(name, series_uid, sop_uid, series, simulated))
    return WrittenStudy(study_uid, tuple(written))


def _uid(*parts: object) -> str:
    return uid_of("\x1f".join(map(str, parts)).encode())


def _study_dataset(study: SimulatedStudy, study_uid: str, frame_uid: str) -> Dataset:
    """Patient, General Study, Patient Study, Frame of Reference and Equipment modules."""
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = f"SIMULATED^{study.patient_id}"
    dataset.PatientID = study.patient_id
    dataset.PatientBirthDate = ""
    dataset.PatientSex = study.sex
    dataset.PatientAge = f"{study.age_years:03d}Y"
    dataset.StudyInstanceUID = study_uid
    dataset.StudyDate = STUDY_DATE
    dataset.StudyTime = "080000"
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = study.patient_id
    dataset.AccessionNumber = ""
    dataset.StudyDescription = "MR lumbar spine (simulated)"
    dataset.FrameOfReferenceUID = frame_uid
    dataset.PositionReferenceIndicator = ""
    dataset.Manufacturer = study.scanner.manufacturer
    dataset.ManufacturerModelName = study.scanner.model_name
    dataset.InstitutionName = "Simulation"
    dataset.StationName = study.scanner.name[:16]
    dataset.SoftwareVersions = f"lumbargrade {__version__}"
    dataset.MagneticFieldStrength = f"{study.scanner.magnetic_field_strength_t:g}"
    return dataset


def _series_dataset(common: Dataset, series: SimulatedSeries, uid: str, number: int) -> Dataset:
    """``common`` with the General Series module and what MR Image shares over a series."""
    dataset = Dataset(common)
    dataset.SOPClassUID = MRImageStorage
    dataset.Modality = "MR"
    dataset.SeriesInstanceUID = uid
    dataset.SeriesNumber = number
    dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = STUDY_DATE
    clock = f"{8 + number // 6:02d}{number % 6 * 10:02d}00"
    dataset.SeriesTime = dataset.AcquisitionTime = dataset.ContentTime = clock
    dataset.SeriesDescription = dataset.ProtocolName = series.description
    dataset.BodyPartExamined = "LSPINE"
    dataset.PatientPosition = "HFS"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    dataset.ImageComments = "Simulated picture, not a patient"
    dataset.BurnedInAnnotation = "NO"
    dataset.AcquisitionNumber = 1
    dataset.ScanningSequence = "SE"
    dataset.SequenceVariant = "SK"
    dataset.ScanOptions = ""
    dataset.MRAcquisitionType = "2D"
    dataset.RepetitionTime = f"{series.repetition_time_ms:g}"
    dataset.EchoTime = f"{series.echo_time_ms:g}"
    dataset.EchoTrainLength = ECHO_TRAIN_LENGTH[series.contrast]
    dataset.SliceThickness = f"{series.slice_thickness_mm:g}"
    dataset.SpacingBetweenSlices = f"{series.spacing_between_slices_mm:g}"
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = 16
    dataset.BitsStored = BITS_STORED
    dataset.HighBit = BITS_STORED - 1
    dataset.PixelRepresentation = 0
    _set_window(dataset, series)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.ImplementationClassUID = IMPLEMENTATION_UID
    dataset.file_meta.ImplementationVersionName = "LUMBARGRADE"
    return dataset


def _set_window(dataset: Dataset, series: SimulatedSeries) -> None:
    """One window for the whole series, from the brightness of its middle slice."""
    if not series.slices:
        return
    middle = series.slices[len(series.slices) // 2].pixels[::4, ::4]
    low, high = (float(value) for value in np.percentile(middle, (2, 99.5)))
    dataset.WindowCenter = f"{(low + high) / 2:.0f}"
    dataset.WindowWidth = f"{max(high - low, 1):.0f}"


def _set_slice(dataset: Dataset, simulated: SimulatedSlice, sop_uid: str, index: int) -> None:
    """General Image, Image Plane and Image Pixel: what differs from file to file."""
    geometry, pixels = simulated.geometry, simulated.pixels
    if pixels.shape != (geometry.rows, geometry.columns):
        raise ValueError(
            f"pixels are {pixels.shape}, geometry says {geometry.rows, geometry.columns}"
        )
    if int(pixels.max()) > LARGEST_VALUE:
        raise ValueError(f"pixel value {int(pixels.max())} does not fit {BITS_STORED} bits")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(sop_uid)
    dataset.InstanceNumber = index
    dataset.ImagePositionPatient = [f"{value:.6f}" for value in geometry.position_mm]
    cosines = (*geometry.row_direction, *geometry.column_direction)
    dataset.ImageOrientationPatient = [f"{value:.9f}" for value in cosines]
    dataset.PixelSpacing = [f"{value:.8g}" for value in geometry.pixel_spacing_mm]
    location = float(np.dot(geometry.normal, geometry.position_mm))
    dataset.SliceLocation = f"{location:.4f}"
    dataset.Rows, dataset.Columns = geometry.rows, geometry.columns
    dataset.PixelData = np.ascontiguousarray(pixels, dtype="<u2").tobytes()
    dataset["PixelData"].VR = "OW"
