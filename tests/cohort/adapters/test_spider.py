"""SPIDER: volumes become DICOM, labels keep their disc and their place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.cohort.adapters.sets import adapt, labels, mha, table

from lumbargrade.cohort.adapters import spider
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.study.read import read_study


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
        "1 gradings with an IVD label below 1, which is not a disc",
        "1 graded patients without images",
    ]


def test_spider_says_what_is_wrong(spider_set: Path, tmp_path: Path) -> None:
    path = spider_set / "radiological_gradings.csv"
    good = path.read_text("utf-8")
    path.write_text(good.replace("7,1,2,0", "7,1,4,0").replace("7,2,", "7,x,"), "utf-8")
    with pytest.raises(
        CohortError,
        match=r"(?s)2 faults, .* row 2: modic is '4'\n.* row 3: patient '7', IVD label 'x'",
    ):
        adapt(spider, spider_set, tmp_path / "a")
    path.write_text(good, "utf-8")
    mha(spider_set / "masks" / "7_t2.mha", np.zeros((5, 30, 41), int))
    with pytest.raises(CohortError, match=r"7_t2\.mha: has \(5, 30, 41\) voxels, its image \(5"):
        adapt(spider, spider_set, tmp_path / "b")
    (spider_set / "images" / "7_t2.mha").write_bytes(b"?")
    with pytest.raises(CohortError, match=r"7_t2\.mha: not a MetaImage"):
        adapt(spider, spider_set, tmp_path / "c")
    for image in (spider_set / "images").iterdir():
        image.unlink()
    with pytest.raises(CohortError, match=r"images: holds no 1_t2\.mha, \.\.\.: unpack images"):
        adapt(spider, spider_set, tmp_path / "d")
