"""Small DICOM studies with oblique stacks, for tests that read folders of studies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from lumbargrade.study.geometry import SliceGeometry

ROWS, COLUMNS = 40, 48
SPACING = (0.9, 0.75)
STEP_MM = 4.4
SLICES = 3


def stack(
    tilt_deg: float, turn_deg: float, origin: tuple[float, float, float]
) -> list[SliceGeometry]:
    """Parallel slices, tilted about the patient's x and turned about z."""
    tilt, turn = np.deg2rad(tilt_deg), np.deg2rad(turn_deg)
    around_x = np.array(
        [[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]]
    )
    around_z = np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    )
    axes = around_x @ around_z
    found = []
    for number in range(SLICES):
        place = np.array(origin) + axes[:, 2] * STEP_MM * number
        found.append(
            SliceGeometry(
                tuple(place), tuple(axes[:, 0]), tuple(axes[:, 1]), SPACING, ROWS, COLUMNS
            )
        )
    return found


LOW = stack(25.0, 3.0, (-18.0, -18.0, 0.0))
HIGH = stack(-8.0, -2.0, (-18.0, -18.0, 40.0))
GEOMETRIES = [*LOW, *HIGH]


def write_study(
    folder: Path, patient_id: str, key: str, contrasts: tuple[str, ...] = ("t2",)
) -> Path:
    """Write axial series ``axial_<contrast>`` of two oblique stacks; ``key`` makes the UIDs."""
    for series, contrast in enumerate(contrasts, start=1):
        for number, geometry in enumerate(GEOMETRIES, start=1):
            dataset = header(geometry, contrast)
            dataset.PatientID, dataset.PatientAge, dataset.PatientSex = patient_id, "061Y", "F"
            dataset.PatientName = f"SIMULATED^{patient_id}"
            dataset.StudyInstanceUID = f"1.2.{key}"
            dataset.SeriesInstanceUID = f"1.2.{key}.{series}"
            set_instance(dataset, f"1.2.{key}.{series}.{number}", number)
            path = folder / f"axial_{contrast}" / f"{number:04d}.dcm"
            path.parent.mkdir(parents=True, exist_ok=True)
            dataset.save_as(path, enforce_file_format=True)
    return folder


def header(geometry: SliceGeometry, contrast: str) -> Dataset:
    """An MR image without names and UIDs."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
    dataset.StudyDate, dataset.StudyTime, dataset.AccessionNumber = "20200101", "080000", ""
    dataset.ReferringPhysicianName = dataset.PatientBirthDate = dataset.StudyID = ""
    dataset.Modality, dataset.Manufacturer, dataset.ManufacturerModelName = "MR", "Maker", "One"
    dataset.MagneticFieldStrength = "1.5"
    echo, repetition = {"t2": (100.0, 3500.0), "t1": (10.0, 550.0)}[contrast]
    dataset.EchoTime, dataset.RepetitionTime = echo, repetition
    dataset.SliceThickness = 4.0
    dataset.ImagePositionPatient = [f"{value:.6f}" for value in geometry.position_mm]
    cosines = (*geometry.row_direction, *geometry.column_direction)
    dataset.ImageOrientationPatient = [f"{value:.9f}" for value in cosines]
    dataset.PixelSpacing = list(geometry.pixel_spacing_mm)
    dataset.Rows, dataset.Columns = geometry.rows, geometry.columns
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    return dataset


def set_instance(dataset: Dataset, sop: str, number: int) -> None:
    """Give a picture its UID, number, and pixels that no other one has."""
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(sop)
    dataset.InstanceNumber = number
    random = np.random.default_rng(sum(map(ord, sop)) + number)
    pixels = random.integers(0, 1000, (dataset.Rows, dataset.Columns), dtype=np.uint16)
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OW"


def ras_affine(geometries: list[SliceGeometry]) -> NDArray[np.float64]:
    """(column, row, slice) of a stack into RAS mm, as a converter writes it for NIfTI."""
    first, last = geometries[0], geometries[-1]
    affine = np.eye(4)
    affine[:3, 0] = np.array(first.row_direction) * first.pixel_spacing_mm[1]
    affine[:3, 1] = np.array(first.column_direction) * first.pixel_spacing_mm[0]
    step = np.array(last.position_mm) - np.array(first.position_mm)
    affine[:3, 2] = step / (len(geometries) - 1)
    affine[:3, 3] = first.position_mm
    lps_to_ras: NDArray[np.float64] = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
    return lps_to_ras


def save_mask(
    path: Path, geometries: list[SliceGeometry], drawn: dict[int, tuple[int, int, int, int]]
) -> Path:
    """Save a drawing: slice -> (x, y, width, height) in whole pixels, rows flipped as usual."""
    import nibabel

    values = np.zeros((COLUMNS, ROWS, len(geometries)), np.uint8)
    for number, (x, y, width, height) in drawn.items():
        values[x : x + width, y : y + height, number] = 1
    flip = np.diag([1.0, -1.0, 1.0, 1.0])
    flip[1, 3] = ROWS - 1
    image = nibabel.Nifti1Image(values[:, ::-1], ras_affine(geometries) @ flip)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".voi":  # MRIcroGL: a .nii.gz under another name
        image.to_filename(path.with_suffix(".nii.gz"))
        path.with_suffix(".nii.gz").rename(path)
    else:
        image.to_filename(path)
    return path
