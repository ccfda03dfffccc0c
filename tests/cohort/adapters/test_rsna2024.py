"""RSNA 2024: every label under its own name, and its place on the picture."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydicom import dcmread
from tests.archive.archive import GEOMETRIES
from tests.cohort.adapters.released import write_rsna
from tests.cohort.adapters.sets import adapt, labels

from lumbargrade.cohort.adapters import rsna2024
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.study.read import read_study
from lumbargrade.study.series.select import select_axial


@pytest.fixture
def rsna(tmp_path: Path) -> Path:
    return write_rsna(tmp_path / "rsna-2024")


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
    # What `grade` reads of the study: each picture once, all of them axial T2. The two series
    # have frames of reference of their own, so nothing says which disc is the lower one.
    selection = select_axial(read_study(tmp_path / "out" / "studies" / "4003253"), narrowest_mm=20)
    assert len(selection.slices) == 12
    assert set(selection.blocks) == {None}
    assert selection.refused == ()


def test_a_released_study_is_read_with_all_its_series(rsna: Path) -> None:
    """Without the adapter: the UIDs repeat in every series, and no picture is lost for it."""
    study = read_study(rsna / "train_images" / "4003253")
    assert [len(series.slices) for series in study.series] == [6, 6, 6]
    assert (study.not_read, study.notes, study.study_date) == ((), (), "")
    assert {one.acquisition.modality for series in study.series for one in series.slices} == {""}


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
        match=r"(?s)2 faults, .*train\.csv row 2: left_subarticular_stenosis_l4_l5 is 'Awful'",
    ):
        adapt(rsna2024, rsna, tmp_path / "a")
    path.write_text(good.replace("study_id", "id"), "utf-8")
    with pytest.raises(CohortError, match=r"train\.csv: no column study_id"):
        adapt(rsna2024, rsna, tmp_path / "b")
    path.write_text(good, "utf-8")
    with (rsna / "train_label_coordinates.csv").open("a", encoding="utf-8") as stream:
        stream.write("1,2,3,Left Elbow,L4/L5,1,1\n1,2,3,Spinal Canal Stenosis,L4/L5,a,1\n")
    with pytest.raises(
        CohortError, match=r"row 7: 'Left Elbow' at 'L4/L5'\n.* row 8: x, y are 'a', '1'"
    ):
        adapt(rsna2024, rsna, tmp_path / "c")
    (rsna / "train_label_coordinates.csv").unlink()
    with pytest.raises(CohortError, match=r"train_label_coordinates\.csv: cannot be read"):
        adapt(rsna2024, rsna, tmp_path / "d")


def test_a_set_without_pictures_is_refused(rsna: Path, tmp_path: Path) -> None:
    (rsna / "train_images").rename(rsna / "images")
    with pytest.raises(CohortError, match=r"train_images: holds no study: unpack the images bes"):
        adapt(rsna2024, rsna, tmp_path / "out")
