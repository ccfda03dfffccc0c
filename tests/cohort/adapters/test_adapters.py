"""Folders as the public sets unpack; imitations, since the project holds no original."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from tests.archive.archive import GEOMETRIES, header, set_instance, write_study

from lumbargrade.cohort.adapters import adapters, mendeley, rsna2024, spider
from lumbargrade.cohort.adapters.adapted import AdaptedCohort
from lumbargrade.cohort.adapters.adapters import ADAPTERS
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.study.read import read_study

CONDITIONS = (
    "spinal_canal_stenosis",
    "left_neural_foraminal_narrowing",
    "right_neural_foraminal_narrowing",
    "left_subarticular_stenosis",
    "right_subarticular_stenosis",
)
LEVELS = ("l1_l2", "l2_l3", "l3_l4", "l4_l5", "l5_s1")


def quiet(done: int, total: int) -> None:
    assert 0 < done <= total


def adapt(adapter: ModuleType, folder: Path, out: Path) -> AdaptedCohort:
    (name,) = (name for name, one in ADAPTERS.items() if one is adapter.adapt)
    return adapters.adapt(name, folder, out, quiet)


def labels(out: Path) -> list[dict[str, str]]:
    with (out / "labels.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table(path: Path, *rows: Iterable[object]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.fixture
def rsna(tmp_path: Path) -> Path:
    folder = tmp_path / "rsna-2024"
    for number, geometry in enumerate(GEOMETRIES, start=1):
        for series, name in (("1111", "axial"), ("2222", "sagittal")):
            dataset = header(geometry, "t2")
            del dataset.EchoTime  # as de-identified headers are
            del dataset.RepetitionTime
            dataset.PatientID, dataset.StudyInstanceUID = "4003253", "1.9.1"
            dataset.SeriesInstanceUID = f"1.9.1.{series}"
            set_instance(dataset, f"1.9.1.{series}.{number}", number)
            path = folder / "train_images" / "4003253" / series / f"{number}.dcm"
            path.parent.mkdir(parents=True, exist_ok=True)
            dataset.save_as(path, enforce_file_format=True)
            assert name
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
    assert [one.contrast for one in cohort.slices] == ["t2"] * 6
    second, fifth = cohort.slices[1], cohort.slices[4]
    assert (second.patient_id, second.level) == ("4003253", Level.L4_L5)
    assert second.grades == {"RSNARECESS_left": 2, "RSNARECESS_right": None}
    assert second.center_px == (24.0, 20.5)  # between the recesses
    assert (fifth.grades, fifth.center_px) == ({"RSNARECESS_left": 0}, None)
    assert cohort.slices[0].grades == {}
    assert not {"LDH", "LCCS"} & {name for one in cohort.slices for name in one.grades}
    rows = labels(tmp_path / "out")
    assert len(rows) == 25
    (canal,) = (row for row in rows if row["original"] == "spinal_canal_stenosis_l4_l5=Moderate")
    assert (canal["system"], canal["level"], canal["grade"]) == ("RSNACANAL", "L4/L5", "1")
    assert (canal["sop"], canal["x_px"], canal["y_px"]) == ("1.9.1.2222.3", "11.5", "12.5")
    (blank,) = (row for row in rows if row["original"] == "right_subarticular_stenosis_l4_l5=")
    assert blank["grade"] == ""
    assert made.left_out == [
        "1 studies of train.csv without images",
        "1 labels placed on a picture that is not there",
    ]


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


def mha(path: Path, values: np.ndarray) -> None:
    """A sagittal volume: planes 4 mm apart to the left, rows down, columns to the back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = {
        "ObjectType": "Image",
        "NDims": 3,
        "BinaryData": True,
        "BinaryDataByteOrderMSB": False,
        "CompressedData": False,
        "TransformMatrix": "1 0 0 0 1 0 0 0 1",
        "Offset": "-8 -20 -30",
        "ElementSpacing": "4 0.6 0.6",
        "DimSize": " ".join(map(str, values.shape)),
        "ElementType": "MET_SHORT",
        "ElementDataFile": "LOCAL",
    }
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    path.write_bytes(text.encode() + values.astype("<i2").tobytes(order="F"))


@pytest.fixture
def spider_set(tmp_path: Path) -> Path:
    folder = tmp_path / "spider"
    random = np.random.default_rng(1)
    mask = np.zeros((5, 30, 40), int)
    mask[2:4, 10:15, 8:11] = 201  # the lowest disc
    mask[1:3, 10:15, 20:23] = 202
    mask[:, 15:20, :] = 100  # the canal
    for kind in ("t1", "t2"):
        mha(folder / "images" / f"7_{kind}.mha", random.integers(0, 900, mask.shape))
        mha(folder / "masks" / f"7_{kind}.mha", mask)
    table(
        folder / "radiological_gradings.csv",
        (
            *("Patient", "IVD label", "Modic", "UP endplate", "LOW endplate"),
            *("Spondylolisthesis", "Disc herniation", "Disc narrowing", "Disc bulging"),
            "Pfirrman grade",
        ),
        (7, 1, 2, 0, 1, 0, 1, 1, 0, 5),
        (7, 2, 0, 0, 0, 0, 0, 0, 1, 1),
        (7, 6, 0, 0, 0, 0, 0, 0, "", 2),
        (7, 0, 0, 0, 0, 0, 0, 0, 0, 2),
        (9, 1, 0, 0, 0, 0, 0, 0, 0, 2),
    )
    table(folder / "overview.csv", ("new_file_name", "subset", "sex"), ("7_t1", "training", "F"))
    return folder


def test_spider_becomes_dicom_and_keeps_its_labels(spider_set: Path, tmp_path: Path) -> None:
    made = adapt(spider, spider_set, tmp_path / "out")
    cohort = read_cohort(tmp_path / "out")
    assert [one.contrast for one in cohort.slices] == ["t1"] * 5 + ["t2"] * 5
    assert {one.sex for one in cohort.slices} == {"F"}
    assert all(one.grades == {} and one.center_px is None for one in cohort.slices)
    study = read_study(tmp_path / "out" / "studies" / "7" / "t2")
    (series,) = study.series
    assert len(series.slices) == 5
    original = np.frombuffer(
        (spider_set / "images" / "7_t2.mha").read_bytes()[-5 * 30 * 40 * 2 :], "<i2"
    ).reshape((5, 30, 40), order="F")
    assert np.array_equal(series.slices[3].load_pixels(), original[3].T)
    assert series.slices[3].geometry.position_mm == pytest.approx((4, -20, -30))
    rows = labels(tmp_path / "out")
    assert len(rows) == 4 * 8
    (pfirrmann,) = (r for r in rows if r["original"] == "pfirrman grade=5")
    assert (pfirrmann["system"], pfirrmann["grade"], pfirrmann["level"], pfirrmann["disc"]) == (
        *("SPIDERPFIRRMANN", "4", "L5/S1", "1"),
    )
    t2 = {one.sop_instance_uid: n for n, one in enumerate(cohort.slices[5:])}
    assert t2[pfirrmann["sop"]] in (2, 3)
    assert (float(pfirrmann["x_px"]), float(pfirrmann["y_px"])) == (12.0, 9.0)
    (unknown,) = (r for r in rows if r["disc"] == "6" and r["system"] == "SPIDERBULGING")
    assert (unknown["level"], unknown["grade"], unknown["sop"]) == ("", "", "")
    assert made.left_out == [
        "1 gradings of an IVD label below 1, which no disc has",
        "1 graded patients without pictures",
    ]


def test_spider_says_what_is_wrong(spider_set: Path, tmp_path: Path) -> None:
    path = spider_set / "radiological_gradings.csv"
    good = path.read_text("utf-8")
    path.write_text(good.replace("7,1,2,0", "7,1,4,0").replace("7,2,", "7,x,"), "utf-8")
    with pytest.raises(
        CohortError,
        match=r"2 faults, .* row 2: modic is '4'; .* row 3: patient '7', IVD label 'x'",
    ):
        adapt(spider, spider_set, tmp_path / "a")
    path.write_text(good, "utf-8")
    mha(spider_set / "masks" / "7_t2.mha", np.zeros((5, 30, 41), int))
    with pytest.raises(CohortError, match=r"7_t2\.mha: has \(5, 30, 41\) voxels, its picture \(5"):
        adapt(spider, spider_set, tmp_path / "b")
    (spider_set / "images" / "7_t2.mha").write_bytes(b"?")
    with pytest.raises(CohortError, match=r"7_t2\.mha: not a MetaImage"):
        adapt(spider, spider_set, tmp_path / "c")
    for image in (spider_set / "images").iterdir():
        image.unlink()
    with pytest.raises(CohortError, match=r"images: holds no 1_t2\.mha, \.\.\.: unpack images"):
        adapt(spider, spider_set, tmp_path / "d")


def test_mendeley_takes_axial_slices_of_every_study(tmp_path: Path) -> None:
    root = tmp_path / "set" / "01_MRI_Data"
    first = root / "0001" / "L-SPINE_LSS_20160309_091629_240000"
    write_study(first, "0001", "5", ("t2", "t1"))
    second = root / "0001" / "L-SPINE_LSS_20170309_091629_240000"
    write_study(second, "0001", "6")
    for path in root.rglob("*.dcm"):
        path.rename(path.with_suffix(".ima"))
    (first / "axial_t2").rename(first / "T2_TSE_TRA_384_0004")
    (root / "0002" / "C-SPINE_20160204" / "LOCALIZER_0001").mkdir(parents=True)
    made = adapt(mendeley, tmp_path / "set", tmp_path / "out")
    cohort = read_cohort(tmp_path / "out")
    assert [one.patient_id for one in cohort.slices] == ["0001"] * 18
    for study, contrasts in (("0001", {"t1", "t2"}), ("0001-2", {"t2"})):  # `grade` reads each
        folder = tmp_path / "out" / "studies" / study
        assert read_study(folder).series
        inside = [one for one in cohort.slices if one.file.parent == folder]
        assert {one.contrast for one in inside} == contrasts
    assert sorted(one.contrast for one in cohort.slices) == ["t1"] * 6 + ["t2"] * 12
    assert all(one.grades == {} and one.level is None for one in cohort.slices)
    (left,) = made.left_out
    assert left.startswith("1 studies without axial T1 or T2, for example ")
    assert "C-SPINE_20160204: the folder is empty" in left
    assert not (tmp_path / "out" / "labels.csv").exists()
    with pytest.raises(CohortError, match=r"has no 01_MRI_Data/0001, 0002"):
        adapt(mendeley, first, tmp_path / "wrong")
    (tmp_path / "empty" / "0003" / "study").mkdir(parents=True)
    with pytest.raises(CohortError, match=r"no image of the data set could be imported: 1 studies"):
        adapt(mendeley, tmp_path / "empty", tmp_path / "none")
