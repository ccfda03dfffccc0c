"""RSNA 2024: every label under its own name, and its place on the picture."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from tests.archive.archive import GEOMETRIES, header, set_instance
from tests.cohort.adapters.sets import adapt, labels, table

from lumbargrade.cohort.adapters import rsna2024
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.study.read import read_study
from lumbargrade.study.series.select import select_axial

CONDITIONS = (
    "spinal_canal_stenosis",
    "left_neural_foraminal_narrowing",
    "right_neural_foraminal_narrowing",
    "left_subarticular_stenosis",
    "right_subarticular_stenosis",
)
LEVELS = ("l1_l2", "l2_l3", "l3_l4", "l4_l5", "l5_s1")


@pytest.fixture
def rsna(tmp_path: Path) -> Path:
    folder = tmp_path / "rsna-2024"
    for number, geometry in enumerate(GEOMETRIES, start=1):
        for series in ("1111", "1112", "2222"):
            dataset = header(geometry, "t2")
            for keyword in ("EchoTime", "RepetitionTime", "Modality"):
                del dataset[keyword]  # as de-identified headers are
            dataset.SeriesDescription = "T2"
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


def test_rsna_keeps_every_label_under_its_own_name(rsna: Path, tmp_path: Path) -> None:
    made = adapt(rsna2024, rsna, tmp_path / "out")
    cohort = read_cohort(tmp_path / "out")
    assert [one.contrast for one in cohort.slices] == ["t2"] * 12
    second, fifth = cohort.slices[1], cohort.slices[4]
    assert (second.patient_id, second.level) == ("4003253", Level.L4_L5)
    assert second.grades == {"RSNARECESS_left": 2, "RSNARECESS_right": None}
    assert second.center_px == (24.0, 20.5)  # between the recesses
    assert (fifth.grades, fifth.center_px) == ({"RSNARECESS_left": 0}, None)
    assert cohort.slices[0].grades == {}
    # The second axial series repeats the UIDs of the first, and has no mark.
    assert all(one.grades == {} for one in cohort.slices[6:])
    assert not {"LDH", "LCCS"} & {name for one in cohort.slices for name in one.grades}
    rows = labels(tmp_path / "out")
    assert len(rows) == 25
    (canal,) = (row for row in rows if row["original"] == "spinal_canal_stenosis_l4_l5=Moderate")
    assert (canal["system"], canal["level"], canal["grade"]) == ("RSNACANAL", "L4/L5", "1")
    assert (canal["series"], canal["sop"]) == ("4003253.2222", "4003253.1.3")
    assert (canal["x_px"], canal["y_px"]) == ("11.5", "12.5")
    (blank,) = (row for row in rows if row["original"] == "right_subarticular_stenosis_l4_l5=")
    assert blank["grade"] == ""
    assert blank["sop"] == second.sop_instance_uid
    assert made.left_out == [
        "1 studies of train.csv without images",
        "1 labels placed on a missing image",
    ]


def test_the_place_of_a_label_is_known_in_the_patient(rsna: Path, tmp_path: Path) -> None:
    adapt(rsna2024, rsna, tmp_path / "out")
    rows = labels(tmp_path / "out")
    for column, geometry in (
        ("spinal_canal_stenosis_l4_l5", GEOMETRIES[2]),
        ("left_subarticular_stenosis_l3_l4", GEOMETRIES[4]),
    ):
        (row,) = (row for row in rows if row["original"].startswith(f"{column}="))
        expected = geometry.to_patient(float(row["x_px"]), float(row["y_px"]))
        assert [float(row[f"{axis}_mm"]) for axis in "xyz"] == pytest.approx(expected, abs=2e-3)
    (nowhere,) = (r for r in rows if r["original"].startswith("left_subarticular_stenosis_l1_l2"))
    assert (nowhere["x_mm"], nowhere["x_px"]) == ("", "0.5")


def test_the_axial_pictures_become_mr_images_of_their_own(rsna: Path, tmp_path: Path) -> None:
    adapt(rsna2024, rsna, tmp_path / "out")
    released = dcmread(rsna / "train_images" / "4003253" / "1112" / "3.dcm")
    copy = dcmread(tmp_path / "out" / "studies" / "4003253" / "1112" / "3.dcm")
    assert "Modality" not in released
    assert (copy.Modality, copy.SeriesDescription) == ("MR", "Axial T2")
    assert copy.PixelData == released.PixelData
    assert copy.SeriesInstanceUID == released.SeriesInstanceUID
    assert copy.SOPInstanceUID == copy.file_meta.MediaStorageSOPInstanceUID
    # What `grade` reads of the study: each picture once, all of them axial T2.
    study = read_study(tmp_path / "out" / "studies" / "4003253")
    assert len(select_axial(study, narrowest_mm=20).slices) == 12


def test_a_study_without_a_readable_axial_image_is_left_out(rsna: Path, tmp_path: Path) -> None:
    images = rsna / "train_images"
    for path in (images / "4003253" / "1112").iterdir():
        path.write_bytes(b"no picture")
    made = adapt(rsna2024, rsna, tmp_path / "a")
    (line,) = (one for one in made.left_out if "images that cannot be read" in one)
    assert line.startswith("6 images that cannot be read, for example ")
    assert line.endswith("1.dcm: cannot be read as DICOM (InvalidDicomError): unpack it again")
    shutil.copytree(images / "4003253", images / "999")
    shutil.rmtree(images / "999" / "1111")
    made = adapt(rsna2024, rsna, tmp_path / "b")
    assert "1 studies without an axial T2 image, for example 999" in made.left_out


def test_rsna_says_what_is_wrong(rsna: Path, tmp_path: Path) -> None:
    path = rsna / "train.csv"
    good = path.read_text("utf-8")
    path.write_text(good.replace("Severe", "Awful"), "utf-8")
    with pytest.raises(
        CohortError,
        match=r"2 faults, .*train\.csv row 2: left_subarticular_stenosis_l4_l5 is 'Awful'",
    ):
        adapt(rsna2024, rsna, tmp_path / "a")
    path.write_text(good.replace("study_id", "id"), "utf-8")
    with pytest.raises(CohortError, match=r"train\.csv: no column study_id"):
        adapt(rsna2024, rsna, tmp_path / "b")
    path.write_text(good, "utf-8")
    with (rsna / "train_label_coordinates.csv").open("a", encoding="utf-8") as stream:
        stream.write("1,2,3,Left Elbow,L4/L5,1,1\n1,2,3,Spinal Canal Stenosis,L4/L5,a,1\n")
    with pytest.raises(
        CohortError, match=r"row 7: 'Left Elbow' at 'L4/L5'; .* row 8: x, y are 'a', '1'"
    ):
        adapt(rsna2024, rsna, tmp_path / "c")
    (rsna / "train_label_coordinates.csv").unlink()
    with pytest.raises(CohortError, match=r"train_label_coordinates\.csv: cannot be read"):
        adapt(rsna2024, rsna, tmp_path / "d")


def test_a_set_without_pictures_is_refused(rsna: Path, tmp_path: Path) -> None:
    (rsna / "train_images").rename(rsna / "images")
    with pytest.raises(CohortError, match=r"train_images: holds no study: unpack the images bes"):
        adapt(rsna2024, rsna, tmp_path / "out")
