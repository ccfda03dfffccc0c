"""An archive of many small files with real headers, written quickly.

Every patient has one study on one scanner: localizer, sagittal T1 and T2, axial T2 of five
discs. The header of each series is written once by pydicom; files differ in fields of fixed
length that are patched in the bytes, as writing 60,000 datasets would take minutes.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

ROOT = "1.2.826.0.1.3680043.8.498"
EDGE_PX = 16
_UID_DIGITS = 12


@dataclass(frozen=True)
class SeriesPlan:
    """A series: its name, folder, slices, times and orientation."""

    name: str
    slices: int
    echo_time_ms: int
    repetition_time_ms: int
    orientation: tuple[float, ...]
    image_type: tuple[str, ...] = ("ORIGINAL", "PRIMARY", "M", "NORM")


_AXIAL, _SAGITTAL, _CORONAL = (1, 0, 0, 0, 1, 0), (0, 1, 0, 0, 0, -1), (1, 0, 0, 0, 0, -1)
PLANS = (
    SeriesPlan("localizer", 3, 5, 10, _CORONAL, ("ORIGINAL", "PRIMARY", "LOCALIZER")),
    SeriesPlan("t1_tse_sag", 6, 10, 600, _SAGITTAL),
    SeriesPlan("t2_tse_sag", 6, 100, 3500, _SAGITTAL),
    SeriesPlan("t2_tse_tra", 15, 100, 3500, _AXIAL),
)
FILES_OF_A_PATIENT = sum(plan.slices for plan in PLANS)
SCANNERS = (
    ("SIEMENS", "Avanto", 1.5),
    ("SIEMENS", "Verio", 3.0),
    ("Philips Medical Systems", "Ingenia", 1.5),
    ("GE MEDICAL SYSTEMS", "SIGNA Voyager", 1.5),
)


@dataclass(frozen=True)
class _Template:
    """The bytes of a file, and where the fields lie that differ from file to file."""

    data: bytes
    places: dict[str, tuple[int, ...]]


_FIELDS = {
    "patient": b"PPPPPPPP",
    "study": b"9" * _UID_DIGITS,
    "series": b"8" * _UID_DIGITS,
    "slice": b"7" * _UID_DIGITS,
    "age": b"077Y",
    "height": b"-0666.25",
}


def write_archive(folder: Path, patients: int, first: int = 0) -> int:
    """Write patients ``first`` to ``patients`` - 1 and return the number of their files."""
    templates = {
        (plan, scanner, sex): _template(plan, scanner, sex)
        for plan in PLANS
        for scanner in SCANNERS
        for sex in "FM"
    }
    written = 0
    for number in range(first, patients):
        dealer = random.Random(number)
        scanner, sex = dealer.choice(SCANNERS), dealer.choice("FM")
        age = dealer.randint(18, 88)
        for index, plan in enumerate(PLANS):
            place = folder / f"{number % 100:02d}" / f"NAME_{number:06d}" / plan.name
            place.mkdir(parents=True, exist_ok=True)
            for name, data in _files(templates[plan, scanner, sex], plan, number, index, age):
                (place / name).write_bytes(data)
                written += 1
    return written


def _files(
    template: _Template, plan: SeriesPlan, number: int, index: int, age: int
) -> Iterator[tuple[str, bytes]]:
    for item in range(plan.slices):
        data = bytearray(template.data)
        fields = {
            "patient": f"P{number:07d}",
            "study": f"1{number:011d}",
            "series": f"2{number * 10 + index:011d}",
            "slice": f"3{(number * 10 + index) * 100 + item:011d}",
            "age": f"{age:03d}Y",
            "height": f"{-100 - 4.5 * item:08.2f}",
        }
        for name, value in fields.items():
            for place in template.places[name]:
                data[place : place + len(value)] = value.encode()
        yield f"IM{item:04d}", bytes(data)


def _template(plan: SeriesPlan, scanner: tuple[str, str, float], sex: str) -> _Template:
    buffer = io.BytesIO()
    _dataset(plan, scanner, sex).save_as(buffer, enforce_file_format=True)
    data = buffer.getvalue()
    places = {}
    for name, sign in _FIELDS.items():
        found, start = [], data.find(sign)
        while start >= 0:
            found.append(start)
            start = data.find(sign, start + len(sign))
        places[name] = tuple(found)
    return _Template(data, places)


def _dataset(  # noqa: PLR0915  (a list of elements)
    plan: SeriesPlan, scanner: tuple[str, str, float], sex: str
) -> Dataset:
    """A header as long as those that scanners write: some ninety elements."""
    field = {name: sign.decode() for name, sign in _FIELDS.items()}
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.ImageType = list(plan.image_type)
    dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, f"{ROOT}.3.{field['slice']}"
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = "20190417"
    dataset.ContentDate = dataset.InstanceCreationDate = "20190417"
    dataset.StudyTime = dataset.SeriesTime = dataset.AcquisitionTime = "101530.120000"
    dataset.ContentTime = dataset.InstanceCreationTime = "101530.120000"
    dataset.AccessionNumber, dataset.Modality = "A000000001", "MR"
    dataset.Manufacturer, dataset.ManufacturerModelName, strength_t = scanner
    dataset.MagneticFieldStrength = strength_t
    dataset.InstitutionName, dataset.InstitutionAddress = "Hospital", "Street 1"
    dataset.ReferringPhysicianName, dataset.StationName = "REFERRER^R", "MRC1"
    dataset.StudyDescription, dataset.SeriesDescription = "Spine^LWS", plan.name
    dataset.InstitutionalDepartmentName = "Radiology"
    dataset.PerformingPhysicianName, dataset.OperatorsName = "PHYSICIAN^P", "OPERATOR^O"
    referenced = Dataset()
    referenced.ReferencedSOPClassUID = MRImageStorage
    referenced.ReferencedSOPInstanceUID = f"{ROOT}.4.1"
    dataset.ReferencedImageSequence = [referenced, referenced, referenced]
    dataset["ReferencedImageSequence"].is_undefined_length = True
    dataset.PatientName, dataset.PatientID = "NAME^GIVEN", field["patient"]
    dataset.PatientBirthDate, dataset.PatientSex, dataset.PatientAge = "", sex, field["age"]
    dataset.PatientSize, dataset.PatientWeight, dataset.PatientComments = "1.75", "75", "comment"
    dataset.BodyPartExamined, dataset.ProtocolName = "LSPINE", plan.name
    dataset.ScanningSequence, dataset.SequenceVariant, dataset.ScanOptions = "SE", "SK", "PFP"
    dataset.MRAcquisitionType, dataset.SequenceName, dataset.AngioFlag = "2D", "*tse2d1_15", "N"
    dataset.SliceThickness, dataset.SpacingBetweenSlices = "4", "4.4"
    dataset.RepetitionTime, dataset.EchoTime = plan.repetition_time_ms, plan.echo_time_ms
    dataset.NumberOfAverages, dataset.ImagingFrequency = "2", "63.678439"
    dataset.ImagedNucleus, dataset.EchoNumbers, dataset.EchoTrainLength = "1H", "1", "15"
    dataset.PercentSampling, dataset.PercentPhaseFieldOfView = "80", "100"
    dataset.PixelBandwidth, dataset.DeviceSerialNumber = "190", "41234"
    dataset.SoftwareVersions, dataset.TransmitCoilName = "syngo MR B17", "Body"
    dataset.AcquisitionMatrix, dataset.InPlanePhaseEncodingDirection = [0, 320, 256, 0], "ROW"
    dataset.FlipAngle, dataset.VariableFlipAngleFlag, dataset.SAR = "150", "N", "1.2317"
    dataset.PatientPosition = "HFS"
    dataset.StudyInstanceUID = f"{ROOT}.1.{field['study']}"
    dataset.SeriesInstanceUID = f"{ROOT}.2.{field['series']}"
    dataset.StudyID, dataset.SeriesNumber, dataset.InstanceNumber = "1", "4", "1"
    dataset.ImagePositionPatient = ["-90", "-90", field["height"]]
    dataset.ImageOrientationPatient = list(plan.orientation)
    dataset.FrameOfReferenceUID, dataset.SliceLocation = f"{ROOT}.5.1", field["height"]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows = dataset.Columns = EDGE_PX
    dataset.PixelSpacing = ["11.25", "11.25"]
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation, dataset.BurnedInAnnotation = 0, "NO"
    dataset.WindowCenter, dataset.WindowWidth = "400", "900"
    dataset.add_new(0x00290010, "LO", "SIEMENS CSA HEADER")
    dataset.add_new(0x00291010, "OB", bytes(4096))
    dataset.RequestedProcedureDescription = "MR LWS"
    dataset.PixelData = bytes(2 * EDGE_PX * EDGE_PX)
    dataset["PixelData"].VR = "OW"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset
