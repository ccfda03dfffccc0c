"""Nothing of what is in the index folder names a person: markers in every element, searched for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pydicom.config
import pytest
from pydicom._dicom_dict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from tests.archive.archives import index, patient_slice, rows_of
from tests.study.conftest import save

from lumbargrade.archive.index.columns import TABLE
from lumbargrade.archive.index.index import summarise
from lumbargrade.archive.index.index_paths import IndexPaths

NAME, MRN, UMLAUT = "Zebrafink", "48151623", "Zebrafink^M\xfcller"
TEXTS = ("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT", "CS", "DT")
DIGITS = ("DA", "TM", "IS", "DS", "AS")
ESSENTIAL = {  # what a usable row needs as it is
    *("SpecificCharacterSet", "Modality", "SOPClassUID", "ImagePositionPatient", "PixelSpacing"),
    *("ImageOrientationPatient", "NumberOfFrames", "PhotometricInterpretation"),
}


def mark(dataset: Dataset, spared: set[str]) -> None:
    """Put a marker into every element of the dictionary that can hold one."""
    for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
        if tag >> 16 in (0x0000, 0x0002, 0x0004, 0x7FE0, 0xFFFE) or keyword in spared:
            continue
        if vr in TEXTS:
            dataset.add_new(tag, vr, UMLAUT if vr in ("LO", "PN") else f"{NAME} {MRN}"[:16])
        elif vr in DIGITS:
            dataset.add_new(tag, vr, MRN)
        elif vr == "UI":
            dataset.add_new(tag, vr, f"1.2.{MRN}.{tag}")
    for group in (0x0009, 0x0019, 0x0029):
        dataset.add_new(group << 16 | 0x0010, "LO", NAME)
        dataset.add_new(group << 16 | 0x1001, "LO", UMLAUT)
        dataset.add_new(group << 16 | 0x1002, "UN", MRN.encode())


@pytest.fixture
def unchecked() -> Iterator[None]:
    settings = pydicom.config.settings
    before = settings.reading_validation_mode, settings.writing_validation_mode
    settings.reading_validation_mode = settings.writing_validation_mode = pydicom.config.IGNORE
    yield
    settings.reading_validation_mode, settings.writing_validation_mode = before


def bytes_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of all files; tables also as they are without compression."""
    for path in folder.rglob("*"):
        yield f"name of {path.name}", str(path.relative_to(folder)).encode()
        if path.is_file():
            yield path.name, path.read_bytes()
        if path.suffix == ".parquet":
            plain = io.BytesIO()
            table = pq.read_table(path)
            pq.write_table(table, plain, compression="none", use_dictionary=False)
            yield f"{path.name}, plain", plain.getvalue()
            yield f"{path.name}, as text", json.dumps(table.to_pylist(), default=str).encode()


def test_no_marker_is_left(tmp_path: Path, unchecked: None) -> None:
    archive = tmp_path / f"{NAME}_Anna"
    for number, syntax in enumerate((ExplicitVRLittleEndian, ImplicitVRLittleEndian)):
        for spared in (set[str](), ESSENTIAL):
            dataset = patient_slice(1, 7)
            dataset.SpecificCharacterSet = "ISO_IR 100"
            mark(dataset, spared | {"SpecificCharacterSet"})
            dataset.file_meta.TransferSyntaxUID = syntax
            kind = "all" if not spared else "usable"
            save(dataset, archive / f"{NAME}^Anna {MRN}" / f"{kind}{number} {MRN}.dcm")
    enhanced = patient_slice(2)
    group = Dataset()
    mark(group, ESSENTIAL)
    enhanced.SharedFunctionalGroupsSequence = Sequence([group])
    save(enhanced, archive / "enhanced")
    (archive / f"{MRN}.txt").write_text(NAME)
    (archive / "broken").write_bytes((archive / "enhanced").read_bytes()[:700])
    places = IndexPaths.of(tmp_path / "INDEX")
    index(archive, places)
    summarise(places)
    usable = {path for path, row in rows_of(places).items() if row["usable"]}
    assert len([path for path in usable if "usable" in path]) == 2
    for name, data in bytes_of(places.index):
        assert NAME.lower().encode() not in data.lower(), name
        assert MRN.encode() not in data, name
    # The markers were there to be found: the table of files beside the key has them.
    assert any(NAME.encode() in data for _, data in bytes_of(places.files))


def test_a_marker_would_be_found(tmp_path: Path) -> None:
    """The search itself can fail."""
    row = {"file_id": "00", "usable": True, "manufacturer": f"Dr {NAME}"}
    pq.write_table(TABLE.empty_table().from_pylist([row], TABLE), tmp_path / "t.parquet")
    assert any(NAME.encode() in data for _, data in bytes_of(tmp_path))
