"""Small DICOM studies made on the spot, and the real files where they are."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

MR_IMAGE_STORAGE = UID("1.2.840.10008.5.1.4.1.1.4")
ROOT = "1.2.826.0.1.3680043.8.498"
ROWS, COLUMNS = 96, 80
SPACING = [1.2, 1.25]


def picture(seed: int = 0) -> np.ndarray:
    """Return (ROWS, COLUMNS) uint16 that looks like nothing symmetric."""
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    noise = np.random.default_rng(seed).integers(0, 40, (ROWS, COLUMNS))
    values: np.ndarray = 100 + 3 * rows + 5 * (columns % 17) + noise
    return values.astype(np.uint16)


def axial_slice(number: int = 1, series: int = 1, **overrides: object) -> Dataset:
    """Return a legal axial T2 slice; keyword arguments replace or (None) delete elements."""
    dataset = Dataset()
    dataset.SOPClassUID = MR_IMAGE_STORAGE
    dataset.SOPInstanceUID = f"{ROOT}.1.{series}.{number}"
    dataset.StudyInstanceUID = f"{ROOT}.1"
    dataset.SeriesInstanceUID = f"{ROOT}.1.{series}"
    dataset.SeriesNumber = series
    dataset.InstanceNumber = number
    dataset.PatientID, dataset.PatientName, dataset.PatientBirthDate = "P1", "One^Pat", "19700101"
    dataset.Modality = "MR"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND"]
    dataset.ScanningSequence, dataset.SequenceVariant = "SE", "SK"
    dataset.EchoTime, dataset.RepetitionTime = 100, 3500
    dataset.SliceThickness, dataset.MagneticFieldStrength = 4, 1.5
    dataset.SeriesDescription = "t2_tse_tra"
    dataset.BodyPartExamined = "LSPINE"
    dataset.ImagePositionPatient = [-50.0, -57.6, 4.4 * number]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = SPACING
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = ROWS, COLUMNS, 1
    dataset.PhotometricInterpretation, dataset.PixelRepresentation = "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelData = picture(number).tobytes()
    for keyword, value in overrides.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", MR_IMAGE_STORAGE)
    dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"{ROOT}.9")
    return dataset


def item(**elements: object) -> Sequence:
    """Return a sequence of one item."""
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return Sequence([dataset])


def enhanced(frames: int = 3) -> Dataset:
    """Return an enhanced multi-frame object whose frames are tilted by 0.2 rad more each."""
    dataset = axial_slice(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.4.1",
        NumberOfFrames=frames,
        ImagePositionPatient=None,
        ImageOrientationPatient=None,
        PixelSpacing=None,
        EchoTime=None,
        RepetitionTime=None,
        BodyPartExamined=None,
        EchoPulseSequence="SPIN",
        PixelData=b"".join(picture(n).tobytes() for n in range(frames)),
    )
    shared = Dataset()
    shared.PixelMeasuresSequence = item(PixelSpacing=[0.9, 1.1], SliceThickness=4)
    shared.MRTimingAndRelatedParametersSequence = item(RepetitionTime=4000.0)
    shared.MREchoSequence = item(EffectiveEchoTime=99.0)
    shared.MRModifierSequence = item(InversionRecovery="NO", SpectrallySelectedSuppression="NONE")
    shared.FrameAnatomySequence = item(AnatomicRegionSequence=item(CodeMeaning="Lumbar spine"))
    dataset.SharedFunctionalGroupsSequence = Sequence([shared])
    own = []
    for n in range(frames):
        frame = Dataset()
        frame.PlanePositionSequence = item(ImagePositionPatient=[-40, -50, 35.0 * n])
        tilt = float(np.cos(0.2 * n)), float(np.sin(0.2 * n))
        frame.PlaneOrientationSequence = item(
            ImageOrientationPatient=[1, 0, 0, 0, round(tilt[0], 9), round(tilt[1], 9)]
        )
        frame.PixelValueTransformationSequence = item(RescaleSlope=n + 1, RescaleIntercept=-5)
        own.append(frame)
    dataset.PerFrameFunctionalGroupsSequence = Sequence(own)
    return dataset


def save(dataset: Dataset, path: Path) -> Path:
    """Write a dataset as a DICOM file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    return path


@pytest.fixture
def study_folder(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes datasets into one folder."""

    def write(*datasets: Dataset) -> Path:
        folder = tmp_path / "study"
        folder.mkdir(exist_ok=True)
        for index, dataset in enumerate(datasets):
            save(dataset, folder / f"{index:04d}")
        return folder

    return write


def jpeg_lossless(
    values: np.ndarray, bits: int = 16, predictor: int = 1, restart_rows: int = 0
) -> bytes:
    """Encode by ITU-T T.81 annex H, pixel by pixel, with one flat Huffman table."""
    rows, columns = values.shape
    lengths = bytes([0, 0, 0, 0, 17, *[0] * 11])
    out = b"\xff\xd8"
    out += b"\xff\xc3" + struct.pack(">HBHHBBBB", 11, bits, rows, columns, 1, 1, 0x11, 0)
    out += b"\xff\xc4" + struct.pack(">HB", 2 + 1 + 16 + 17, 0) + lengths + bytes(range(17))
    if restart_rows:
        out += b"\xff\xdd" + struct.pack(">HH", 4, restart_rows * columns)
    out += b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, predictor, 0, 0)
    for number, row in enumerate(range(0, rows, restart_rows or rows)):
        if number:
            out += bytes([0xFF, 0xD0 + (number - 1) % 8])
        part = values[row : row + (restart_rows or rows)].astype(int).tolist()
        out += _entropy_coded(part, bits, predictor)
    return out + b"\xff\xd9"


def _entropy_coded(part: list[list[int]], bits: int, predictor: int) -> bytes:
    stream = []
    for row, line in enumerate(part):
        for column, value in enumerate(line):
            guess = _prediction(part, row, column, predictor, bits)
            difference = (value - guess + 32767) % 65536 - 32767
            size = abs(difference).bit_length() if difference != 32768 else 16
            stream.append(f"{size:05b}")
            if 0 < size < 16:
                code = difference if difference > 0 else difference + (1 << size) - 1
                stream.append(f"{code:0{size}b}")
    text = "".join(stream)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


def _prediction(part: list[list[int]], row: int, column: int, predictor: int, bits: int) -> int:
    if row == 0:
        return part[0][column - 1] if column else 1 << (bits - 1)
    if column == 0:
        return part[row - 1][0]
    a, b, c = part[row][column - 1], part[row - 1][column], part[row - 1][column - 1]
    table = [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1]
    return table[predictor]
