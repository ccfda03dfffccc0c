"""RSNA 2024 in the form in which it is released, made small; the project holds no original."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.archive.archive import GEOMETRIES, header, set_instance
from tests.cohort.adapters.sets import table

CONDITIONS = (
    "spinal_canal_stenosis",
    "left_neural_foraminal_narrowing",
    "right_neural_foraminal_narrowing",
    "left_subarticular_stenosis",
    "right_subarticular_stenosis",
)
LEVELS = ("l1_l2", "l2_l3", "l3_l4", "l4_l5", "l5_s1")

_GONE = (
    *("EchoTime", "RepetitionTime", "Modality", "ImageType", "ScanningSequence", "SequenceVariant"),
    *("ScanOptions", "Manufacturer", "ManufacturerModelName", "MagneticFieldStrength"),
    *("StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"),
    *("PatientName", "PatientSex", "PatientAge", "PatientBirthDate", "BodyPartExamined"),
    *("ProtocolName", "StudyDescription", "SeriesNumber"),
)
"""What the released headers do not have."""


def write_rsna(folder: Path) -> Path:
    """Write one study: two axial series of GEOMETRIES and one called sagittal, and the tables."""
    for number, geometry in enumerate(GEOMETRIES, start=1):
        for series in ("1111", "1112", "2222"):
            dataset = header(geometry, "t2")
            for keyword in _GONE:
                if keyword in dataset:
                    del dataset[keyword]
            dataset.SeriesDescription = "T2"
            dataset.FrameOfReferenceUID = f"4003253.{series}.1"
            dataset.PatientID = dataset.StudyInstanceUID = "4003253"
            dataset.SeriesInstanceUID = f"4003253.{series}"
            # As released: the same in every series of a study.
            set_instance(dataset, f"4003253.1.{number}", number)
            pixels = np.random.default_rng([int(series), number]).integers(
                0, 1000, (dataset.Rows, dataset.Columns), dtype=np.uint16
            )
            dataset.PixelData = pixels.tobytes()
            path = folder / "train_images" / "4003253" / series / f"{number}.dcm"
            path.parent.mkdir(parents=True, exist_ok=True)
            dataset.save_as(path, enforce_file_format=True)
    columns = [f"{condition}_{level}" for condition in CONDITIONS for level in LEVELS]
    grades = dict.fromkeys(columns, "Normal/Mild")
    grades["left_subarticular_stenosis_l4_l5"] = "Severe"
    grades["right_subarticular_stenosis_l4_l5"] = ""
    grades["spinal_canal_stenosis_l4_l5"] = "Moderate"
    table(
        folder / "train.csv",
        ("study_id", *columns),
        ("4003253", *grades.values()),
        ("999", *grades.values()),
    )
    table(
        folder / "train_series_descriptions.csv",
        ("study_id", "series_id", "series_description"),
        ("4003253", "1111", "Axial T2"),
        ("4003253", "1112", "Axial T2"),
        ("4003253", "2222", "Sagittal T2/STIR"),
    )
    table(
        folder / "train_label_coordinates.csv",
        ("study_id", "series_id", "instance_number", "condition", "level", "x", "y"),
        ("4003253", "1111", "2", "Left Subarticular Stenosis", "L4/L5", 30.5, 20.5),
        ("4003253", "1111", "2", "Right Subarticular Stenosis", "L4/L5", 18.5, 21.5),
        ("4003253", "1111", "5", "Left Subarticular Stenosis", "L3/L4", 29.5, 20.5),
        ("4003253", "2222", "3", "Spinal Canal Stenosis", "L4/L5", 12.0, 13.0),
        ("4003253", "1111", "77", "Left Subarticular Stenosis", "L1/L2", 1, 1),
    )
    return folder
