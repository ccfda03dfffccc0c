"""Small archives of DICOM files for the tests of the index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pydicom.dataset import Dataset
from tests.study.conftest import ROOT, axial_slice, save

from lumbargrade.archive.index.index import Changes, index_archive
from lumbargrade.archive.index.index_paths import IndexPaths


def patient_slice(patient: int, number: int = 1, **overrides: object) -> Dataset:
    """Return a slice of a patient with identifiers of his own."""
    own: dict[str, Any] = {
        "PatientID": f"MRN{patient:05d}",
        "StudyInstanceUID": f"{ROOT}.{patient}",
        "SeriesInstanceUID": f"{ROOT}.{patient}.2",
        "SOPInstanceUID": f"{ROOT}.{patient}.2.{number}",
        "StudyDate": "20190417",
        "PatientSex": "F",
        "PatientAge": "054Y",
        "Manufacturer": "SIEMENS",
        "ManufacturerModelName": "Avanto",
    }
    return axial_slice(number, **(own | overrides))


def write_archive(folder: Path, patients: int = 3, slices: int = 4) -> Path:
    """Write some patients, each in a folder."""
    for patient in range(1, patients + 1):
        for number in range(1, slices + 1):
            save(patient_slice(patient, number), folder / f"p{patient}" / f"IM{number}")
    return folder


def index(archive: Path, places: IndexPaths, workers: int = 1) -> Changes:
    """Index in this process."""
    return index_archive(archive, places, workers)


def rows_of(places: IndexPaths) -> dict[str, dict[str, object]]:
    """Return the rows of the table by the path of their file."""
    paths = {
        row["file_id"]: row["path"].decode("utf-8", "surrogateescape")
        for row in pq.read_table(places.files_table).to_pylist()
    }
    table = pq.read_table(places.table).to_pylist()
    assert len(table) == len(paths) == len({row["file_id"] for row in table})
    return {paths[row["file_id"]]: row for row in table}
