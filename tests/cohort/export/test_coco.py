"""The cohort as COCO: a reader's box as it was drawn, else the square that is graded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.cohort.export import coco
from lumbargrade.cohort.read import Cohort
from lumbargrade.errors import CohortError


def written(cohort: Cohort, folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(coco.write(cohort, folder).read_text("utf-8"))
    return content


def test_every_slice_is_an_image_and_every_region_an_annotation(
    cohort: Cohort, tmp_path: Path
) -> None:
    data = written(cohort, tmp_path)
    assert [one["id"] for one in data["images"]] == [1, 2, 3]
    assert {(one["width"], one["height"]) for one in data["images"]} == {(48, 40)}
    assert [one["image_id"] for one in data["annotations"]] == [1, 2]
    assert data["images"][0]["file_name"] == "studies/case1/axial_t2/0002.dcm"
    assert {one["category_id"] for one in data["annotations"]} == {data["categories"][0]["id"]}


def test_a_drawn_box_keeps_its_corner_and_grades(cohort: Cohort, tmp_path: Path) -> None:
    drawn = written(cohort, tmp_path)["annotations"][0]
    assert (drawn["bbox"], drawn["area"]) == ([10.0, 8.0, 20.0, 16.0], 320.0)
    assert drawn["attributes"] == {
        "level": "L4/L5",
        "box_source": "drawn by a reader",
        "disc_in_plane": True,
        "LDH": 2,
        "LCCS": 0,
        "LNRC_left": 1,
        "LNRC_right": None,
    }


def test_a_centre_gets_the_square_of_75_mm(cohort: Cohort, tmp_path: Path) -> None:
    square = written(cohort, tmp_path)["annotations"][1]
    x, y, width, height = square["bbox"]
    assert (width * 0.75, height * 0.9) == pytest.approx((75.0, 75.0), abs=1e-3)
    assert (x + width / 2, y + height / 2) == pytest.approx((24.5, 20.5), abs=1e-3)
    assert square["attributes"]["box_source"] == "square that is graded, around the centre"


def test_a_file_that_is_another_slice_is_told(cohort: Cohort, tmp_path: Path) -> None:
    other = replace(cohort.slices[0], sop_instance_uid="9.9")
    with pytest.raises(
        CohortError, match=r"0002\.dcm: has no size or no UID as the cohort says: make the cohort"
    ):
        coco.write(replace(cohort, slices=(other,)), tmp_path)
