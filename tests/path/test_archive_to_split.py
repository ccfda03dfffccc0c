"""Index, flow and split of a simulated archive: what was put in comes out."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid
from typer.testing import CliRunner

from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.cli.main import app
from lumbargrade.cohort.split.file import read_split

SLICES = 5
EDGE = 24


@dataclass(frozen=True)
class Truth:
    """A patient of the archive, and the reason at which he must leave it."""

    name: str
    reason: str = ""
    field_t: float = 3.0
    thickness_mm: float = 4.0
    contrast: str = "t2_tse_tra"
    slices: int = SLICES
    listed: str = ""
    picture_of: str = ""

    @property
    def age(self) -> int:
        return 20 + int(self.name) % 60

    @property
    def sex(self) -> str:
        return "FM"[int(self.name) % 2]


ARCHIVE = (
    *(Truth(f"{number}") for number in range(100, 124)),
    *(Truth(f"{number}", "another field strength", field_t=1.5) for number in range(130, 135)),
    *(Truth(f"{number}", "slices too thin or too thick", thickness_mm=1) for number in (140, 141)),
    Truth("150", "no axial T2", contrast="t1_tse_tra"),
    Truth("151", "too few axial T2 slices", slices=2),
    Truth("160", "vertebral fracture or active inflammation", listed="inflammation"),
    Truth("161", "previous spine surgery", listed="previous surgery"),
    Truth("162", "another field strength", field_t=1.5, listed="artefact"),
    Truth("170", picture_of="101"),
    Truth("171", picture_of="102"),
)


def write_patient(one: Truth, folder: Path) -> None:
    study, series = generate_uid(), generate_uid()
    (folder / one.name).mkdir(parents=True)
    shown = np.random.default_rng(int(one.picture_of or one.name))
    for number in range(one.slices):
        item = Dataset()
        item.SOPClassUID, item.SOPInstanceUID = MRImageStorage, generate_uid()
        item.StudyInstanceUID, item.SeriesInstanceUID = study, series
        item.PatientID, item.PatientName = f"MRN{one.name}", f"SECRET^{one.name}"
        item.PatientSex, item.PatientAge = one.sex, f"{one.age:03d}Y"
        item.Modality, item.SeriesDescription = "MR", one.contrast
        item.BodyPartExamined, item.ImageType = "LSPINE", ["ORIGINAL", "PRIMARY"]
        item.ScanningSequence, item.SequenceVariant = "SE", "SK"
        item.EchoTime, item.RepetitionTime = (100, 3500) if "t2" in one.contrast else (10, 600)
        item.MagneticFieldStrength, item.SliceThickness = one.field_t, one.thickness_mm
        item.ImagePositionPatient = [-90, -90, -5 * number]
        item.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        item.PixelSpacing, item.Rows, item.Columns = [7.5, 7.5], EDGE, EDGE
        item.SamplesPerPixel, item.PhotometricInterpretation = 1, "MONOCHROME2"
        item.BitsAllocated, item.BitsStored, item.HighBit = 16, 12, 11
        item.PixelRepresentation = 0
        item.PixelData = shown.integers(0, 4000, (EDGE, EDGE), dtype=np.uint16).tobytes()
        item.file_meta = FileMetaDataset()
        item.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        item.file_meta.MediaStorageSOPClassUID = MRImageStorage
        item.file_meta.MediaStorageSOPInstanceUID = item.SOPInstanceUID
        item.save_as(folder / one.name / f"{number}.dcm", enforce_file_format=True)


def command(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive with its index, flow and split."""
    folder = tmp_path_factory.mktemp("work")
    for one in ARCHIVE:
        write_patient(one, folder / "archive")
    (folder / "archive" / "notes.txt").write_text("no image")
    listed = "".join(f"MRN{one.name},{one.listed}\n" for one in ARCHIVE if one.listed)
    (folder / "exclusions.csv").write_text(f"patient,reason\n{listed}")
    grades = "".join(f"MRN{one.name},LCCS,{int(one.name) % 4}\n" for one in ARCHIVE[:24])
    (folder / "grades.csv").write_text(f"patient,system,grade\n{grades}")
    command("cohort", "index", folder / "archive", "-o", folder / "index", "--workers", 1)
    tables = ("--exclude", folder / "exclusions.csv", "--grades", folder / "grades.csv")
    command("cohort", "flow", folder / "index", "-o", folder / "flow", *tables)
    split = folder / "split.json"
    command("cohort", "split", folder / "flow", "-o", split, "--index", folder / "index")
    return folder


@pytest.fixture(scope="module")
def pseudonyms(work: Path) -> dict[str, str]:
    keyed = Pseudonyms(read_key(work / "index.key"))
    return {one.name: keyed.of("patient", f"MRN{one.name}") for one in ARCHIVE}


def test_everybody_leaves_where_he_must(work: Path, pseudonyms: dict[str, str]) -> None:
    with (work / "flow" / "patients.csv").open(newline="") as stream:
        people = {row["patient"]: row for row in csv.DictReader(stream)}
    assert {name: people[pseudonyms[name]]["reason"] for name in pseudonyms} == {
        one.name: one.reason for one in ARCHIVE
    }
    assert len(people) == len(ARCHIVE)
    data = json.loads((work / "flow" / "flow.json").read_text())
    assert data["archive"] == {
        "patients": len(ARCHIVE),
        "images": sum(one.slices for one in ARCHIVE),
    }
    assert {count["reason"]: count["patients_out"] for count in data["counts"]} == {
        count["reason"]: sum(one.reason == count["reason"] for one in ARCHIVE)
        for count in data["counts"]
    }
    assert data["files_left_out"] == {"not DICOM": 1}


def test_table_1_is_that_of_who_was_put_in(work: Path) -> None:
    with (work / "flow" / "table-1.csv").open(newline="") as stream:
        column = {row[""]: row["included: this run"] for row in csv.DictReader(stream)}
    some = [one for one in ARCHIVE if not one.reason]
    ages = [one.age for one in some]
    women = sum(one.sex == "F" for one in some)
    assert column["Patients"] == str(len(some))
    spread = f"{np.mean(ages):.0f} +/- {np.std(ages, ddof=1):.0f}"
    assert column["Age"] == f"{spread} ({min(ages)}-{max(ages)})"
    assert column["Women"] == f"{women} ({100 * women / len(some):.1f} %)"


def test_the_split_holds_copies_together(work: Path, pseudonyms: dict[str, str]) -> None:
    parts = read_split(work / "split.json")
    assert parts.keys() == {pseudonyms[one.name] for one in ARCHIVE if not one.reason}
    made = json.loads((work / "split.json").read_text())["made"]
    copies = [one for one in ARCHIVE if one.picture_of]
    assert made["alike"] == sorted(
        sorted((pseudonyms[one.name], pseudonyms[one.picture_of])) for one in copies
    )
    for one in copies:
        assert parts[pseudonyms[one.name]] == parts[pseudonyms[one.picture_of]]
    of_train = [int(one.name) % 4 for one in ARCHIVE[:24] if parts[pseudonyms[one.name]] == "train"]
    assert all(abs(of_train.count(grade) - 0.7 * 6) <= 2 for grade in range(4))


def test_nobody_is_named_in_what_was_written(work: Path) -> None:
    for path in [*(work / "flow").iterdir(), work / "split.json"]:
        data = path.read_bytes()
        assert not [mark for mark in (b"SECRET", b"MRN1", b"archive/1") if mark in data], path


def test_the_whole_way_again_changes_nothing(work: Path) -> None:
    before = (work / "split.json").read_bytes()
    said = command("cohort", "index", work / "archive", "-o", work / "index", "--workers", 1)
    assert "0 files new, 0 changed" in said
    tables = ("--exclude", work / "exclusions.csv", "--grades", work / "grades.csv")
    command("cohort", "flow", work / "index", "-o", work / "flow", *tables)
    command("cohort", "split", work / "flow", "-o", work / "split.json", "--index", work / "index")
    assert (work / "split.json").read_bytes() == before
