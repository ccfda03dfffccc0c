"""Boxes out of CSV and COCO: the same box, half a pixel further in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.cohort.imports import boxes
from lumbargrade.cohort.imports.boxes import BoxRow, read_boxes
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.slice_key import SliceKey


def table(path: Path, text: str) -> tuple[list[BoxRow], Faults]:
    faults = Faults()
    path.write_text(text, "utf-8")
    return read_boxes(path, faults), faults


def coco(path: Path, image: object, annotation: object) -> tuple[list[BoxRow], Faults]:
    content = {"images": [image], "annotations": [annotation]}
    return table(path, json.dumps(content))


def told(faults: Faults) -> str:
    with pytest.raises(CohortError) as caught:
        faults.check(CohortError)
    return str(caught.value)


def test_a_box_is_counted_from_the_centre_of_the_first_pixel(tmp_path: Path) -> None:
    rows, faults = table(tmp_path / "b.csv", "sop,x,y,w,h,level\n1.2,0,10.5,20,16,L4/5\n1.3,,,,,\n")
    assert rows == [
        BoxRow("b.csv row 2", SliceKey(sop="1.2"), (-0.5, 10.0, 20.0, 16.0), Level.L4_L5)
    ]
    assert len(faults) == 0  # a row without a box is a slice with grades only


@pytest.mark.parametrize(
    "cells", ["1,2,0,4", "1,2,3,-4", "a,2,3,4", "1,2,3,", "1,nan,3,4", "1,2,inf,4"]
)
def test_what_is_no_box_is_told(tmp_path: Path, cells: str) -> None:
    rows, faults = table(tmp_path / "b.csv", f"sop,x,y,w,h\n1.2,{cells}\n")
    assert rows == []
    assert f"b.csv row 2: box '{cells}' is not x,y,w,h in pixels with a size above 0" in told(
        faults
    )


def test_a_row_must_name_a_slice_and_a_known_level(tmp_path: Path) -> None:
    rows, faults = table(tmp_path / "b.csv", "patient,level,x,y,w,h\nA,L7,1,2,3,4\n")
    assert rows == []
    message = told(faults)
    assert "names no slice: fill in sop, or file, or series and slice" in message
    assert "level 'L7' is unknown" in message


def test_a_table_without_boxes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"b\.csv: no column w, h: the first line must name x, y"):
        table(tmp_path / "b.csv", "sop,x,y\n1.2,1,2\n")


def test_coco_gives_box_level_and_size(tmp_path: Path) -> None:
    image = {"id": 7, "file_name": "case/0004.png", "width": 48, "height": 40}
    annotation = {"image_id": 7, "bbox": [10, 8, 20, 16], "attributes": {"level": "L5/S1"}}
    rows, _ = coco(tmp_path / "c.json", image, annotation)
    assert rows == [
        BoxRow(
            "c.json annotation 0",
            SliceKey(file="case/0004.png"),
            (9.5, 7.5, 20.0, 16.0),
            Level.L5_S1,
            (48, 40),
        )
    ]


def test_in_coco_a_uid_goes_before_a_file_name(tmp_path: Path) -> None:
    image = {"id": "a", "file_name": "x.png", "sop_instance_uid": "1.2.3", "patient": "P"}
    ((row,), _) = coco(tmp_path / "c.json", image, {"image_id": "a", "bbox": [1, 1, 2, 2]})
    assert row.key == SliceKey(sop="1.2.3")
    assert row.size_px is None


@pytest.mark.parametrize(
    "annotation",
    [
        {"image_id": 8, "bbox": [1, 1, 2, 2]},
        {"image_id": 7},
        {"image_id": 7, "bbox": [1, 1, 0, 2]},
        {"image_id": 7, "bbox": [1, 1, 2]},
        {"image_id": 7, "bbox": "1122"[:3]},
        "no annotation",
    ],
)
def test_an_annotation_without_box_or_image_is_told(tmp_path: Path, annotation: Any) -> None:
    rows, faults = coco(tmp_path / "c.json", {"id": 7, "file_name": "x"}, annotation)
    assert rows == []
    assert "annotation 0: has no bbox of a size above 0, or an image_id that no" in told(faults)


def test_what_is_no_coco_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CohortError, match=r"a\.json: cannot be read as COCO JSON \(.*\): save it"):
        table(tmp_path / "a.json", "{")
    with pytest.raises(CohortError, match=r"b\.json: has no lists 'images' and 'annotations'"):
        table(tmp_path / "b.json", '{"images": []}')
    monkeypatch.setattr(boxes, "LARGEST_COCO_BYTES", 1)
    with pytest.raises(CohortError, match=r"c\.json: is too large for COCO JSON: split it"):
        table(tmp_path / "c.json", "{}")
