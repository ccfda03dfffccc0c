"""A cohort of tiny DICOM slices whose grades can be seen, and runs trained on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage, generate_uid
from tests.made_once import made_once
from tests.training.small_network import SMALL

from lumbargrade.training.export.export import export
from lumbargrade.training.train import TrainOptions, train

EDGE = 96
PATIENTS = 12

TINY = f"""
name = "tiny"
[network]
backbone = "{SMALL}"
[input]
pixels = 32
margin_px = 6
[augment]
rotation_deg = 5.0
mirror = 0.5
noise = 0.02
[optimiser]
epochs = 3
batch = 8
schedule = "onecycle"
stages = [[0.0, 24], [0.5, 32]]
ema_decay = 0.5
precision = "32-true"
[locator]
epochs = 1
batch = 8
"""


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    """Two test processes share the machine; threads of each would only wait for another."""
    torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def untaught_locator() -> Iterator[None]:
    """Let runs of one epoch be exported, which teaches the locator nothing (``find_canal``)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lumbargrade.training.export.export.check_locator", lambda *_: 1.0)
        yield


@pytest.fixture(scope="session")
def tiny_recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "tiny-cohort", lambda out: write_cohort(out, PATIENTS))


@pytest.fixture(scope="session")
def tiny_run(
    tmp_path_factory: pytest.TempPathFactory, tiny_cohort: Path, tiny_recipe: Path
) -> Path:
    """A finished run; read only."""
    options = TrainOptions(recipe=str(tiny_recipe), workers=1)
    return made_once(tmp_path_factory, "tiny-run", lambda run: train(tiny_cohort, run, options))


@pytest.fixture(scope="session")
def outlined_recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe whose network sees outlines, drawn by the model in the package."""
    path = tmp_path_factory.mktemp("recipe") / "outlined.toml"
    text = TINY.replace("[input]\n", "[outputs]\nmirror_average = true\n[input]\noutlines = true\n")
    text = text.replace("[augment]\n", "[augment]\nany_tone = 0.5\noutline_dropout = 0.2\n")
    path.write_text(text.replace("[locator]\n", "[locator]\nenabled = false\n"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def outlined_run(
    tmp_path_factory: pytest.TempPathFactory, tiny_cohort: Path, outlined_recipe: Path
) -> Path:
    """A finished run whose network sees outlines; read only."""
    options = TrainOptions(recipe=str(outlined_recipe), workers=1, epochs=2)
    return made_once(tmp_path_factory, "outlined-run", lambda run: train(tiny_cohort, run, options))


@pytest.fixture(scope="session")
def tiny_bundle(tiny_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of ``tiny_run``; read only."""
    return made_once(tmp_path_factory, "tiny-bundle", lambda out: export(tiny_run, out))


@pytest.fixture(scope="session")
def outlined_bundle(outlined_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of ``outlined_run``; read only."""
    return made_once(tmp_path_factory, "outlined-bundle", lambda out: export(outlined_run, out))


def write_cohort(folder: Path, patients: int) -> Path:
    """Write a cohort of three slices a patient; the last patient's scanner is external."""
    (folder / "truth").mkdir(parents=True)
    head = {
        "schema": "lumbargrade.cohort/1",
        "seed": 1,
        "patients": patients,
        "contrast": "t2",
        "scanners": ["tiny", "far"],
        "software_version": "0",
        "simulated": True,
    }
    (folder / "cohort.json").write_text(json.dumps(head), encoding="utf-8")
    for number in range(1, patients + 1):
        _write_patient(folder, f"P{number:05d}", number, external=number == patients)
    return folder


def _write_patient(folder: Path, patient: str, number: int, external: bool) -> None:
    series, study, frame = generate_uid(), generate_uid(), generate_uid()
    slices = []
    for index in range(3):
        grade = (number + index) % 4
        grades = {"LDH": grade, "LCCS": grade, "LNRC_left": None, "LNRC_right": 3 - grade}
        disc = index != 1
        if not disc:
            grades |= {"LDH": None, "LNRC_right": None}
        file = f"studies/{patient}/axial/{index:04d}.dcm"
        uid = generate_uid()
        dataset = _dataset(patient, (study, series, frame, uid), index, grade)
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(path, enforce_file_format=True)
        slices.append(
            {
                "file": file,
                "series_instance_uid": series,
                "sop_instance_uid": uid,
                "contrast": "t2",
                "level": "L4/L5",
                "disc_in_plane": disc,
                "region": {"center_mm": [0.0, 0.0, 0.0], "center_px": [48.0, 50.0]},
                "grades": grades,
                "measures": {},
            }
        )
    truth = {
        "schema": "lumbargrade.truth/1",
        "patient_id": patient,
        "simulated": True,
        "age_years": 50,
        "sex": "F",
        "scanner": {"name": "far" if external else "tiny", "external": external},
        "study_instance_uid": study,
        "discs": [],
        "slices": slices,
    }
    (folder / "truth" / f"{patient}.json").write_text(json.dumps(truth), encoding="utf-8")


def _dataset(patient: str, uids: tuple[str, str, str, str], index: int, grade: int) -> Dataset:
    study, series, frame, uid = uids
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = UID(uid)
    dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, uid
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
    dataset.FrameOfReferenceUID = frame
    dataset.PatientID, dataset.Modality = patient, "MR"
    dataset.InstanceNumber, dataset.SeriesNumber = index + 1, 1
    dataset.ImagePositionPatient = [-47.5, -49.5, 5.0 * index]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [1.0, 1.0]
    dataset.SliceThickness = 4.0
    dataset.EchoTime, dataset.RepetitionTime = 100.0, 3500.0
    dataset.Rows = dataset.Columns = EDGE
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.PixelData = _picture(grade, index).tobytes()
    return dataset


def _picture(grade: int, index: int) -> np.ndarray:
    """Return a bright canal that is the narrower, the higher the grade."""
    picture = np.random.default_rng(grade * 7 + index).uniform(90, 130, (EDGE, EDGE))
    width = 14 - 4 * grade
    picture[44:57, 48 - width : 48 + width] = 900
    picture[80:, :] = 600
    return picture.astype(np.uint16)
