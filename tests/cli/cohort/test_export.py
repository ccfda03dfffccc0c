"""``lumbargrade cohort export``: every format, and what is said of it."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from tests.cli.calls import call, refused

from lumbargrade.outputs.dicom import sr as dicom_sr


def test_coco_says_where_its_boxes_come_from(cohort: Path, tmp_path: Path) -> None:
    call("cohort", "export", cohort, "-o", tmp_path / "coco", "--format", "coco")
    data = json.loads((tmp_path / "coco" / "coco.json").read_text("utf-8"))
    assert len(data["images"]) == 3
    first = data["annotations"][0]
    assert first["bbox"] == pytest.approx([10, 8, 20, 16], abs=1e-3)
    assert first["attributes"]["box_source"] == "drawn by a reader"
    assert first["attributes"]["LDH"] == 2
    assert first["attributes"]["LNRC_right"] is None
    assert (data["images"][0]["width"], data["images"][0]["height"]) == (48, 40)
    for path in (cohort / "truth").iterdir():  # as the simulation writes it: centres only
        truth = json.loads(path.read_text("utf-8"))
        for one in truth["slices"]:
            if one["region"]:
                one["region"]["box_px"] = None
        path.write_text(json.dumps(truth), "utf-8")
    call("cohort", "export", cohort, "-o", tmp_path / "coco", "--format", "coco")
    data = json.loads((tmp_path / "coco" / "coco.json").read_text("utf-8"))
    assert {one["attributes"]["box_source"] for one in data["annotations"]} == {
        "square that is graded, around the centre"
    }


def test_parquet_holds_the_same_as_the_table(
    cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    call("cohort", "export", cohort, "-o", tmp_path / "p", "--format", "parquet")
    call("cohort", "export", cohort, "-o", tmp_path / "c")
    rows = parquet.read_table(tmp_path / "p" / "cohort.parquet").to_pylist()
    with (tmp_path / "c" / "cohort.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert len(rows) == len(table) == 12
    assert [row["sop"] for row in rows] == [row["sop"] for row in table]
    assert [row["grade"] for row in rows] == [
        int(row["grade"]) if row["grade"] else None for row in table
    ]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "Parquet needs the 'cohort' extra" in refused(
        "cohort", "export", cohort, "-o", tmp_path / "q", "--format", "parquet"
    )
    assert not (tmp_path / "q").exists()


def test_no_cell_starts_a_formula(cohort: Path, tmp_path: Path) -> None:
    for path in (cohort / "truth").iterdir():
        truth = json.loads(path.read_text("utf-8"))
        truth["scanner"]["name"] = "=HYPERLINK(1)"
        path.write_text(json.dumps(truth), "utf-8")
    call("cohort", "export", cohort, "-o", tmp_path / "c")
    assert ",'=HYPERLINK(1)," in (tmp_path / "c" / "cohort.csv").read_text("utf-8")


def test_reports_hold_the_reference_grades(cohort: Path, tmp_path: Path) -> None:
    call("cohort", "export", cohort, "-o", tmp_path / "sr", "--format", "sr")
    assert sorted(path.name for path in (tmp_path / "sr").glob("*.dcm")) == [
        "case1.dcm",
        "case2.dcm",
    ]
    found = dicom_sr.read(tmp_path / "sr" / "case1.dcm")
    assert {(one.system, one.side, one.grade) for one in found} == {
        ("LDH", None, 2),
        ("LCCS", None, 0),
        ("LNRC", "left", 1),
        ("LNRC", "right", None),
    }
    assert found[0].box == pytest.approx((9.5, 7.5, 20, 16), abs=2e-3)
    assert found[0].probability is None
    two = dicom_sr.read(tmp_path / "sr" / "case2.dcm")
    assert {one.box is None for one in two} == {True, False}
