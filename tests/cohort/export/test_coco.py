"""COCO boxes are (x, y, width, height) in pixels from the upper left corner of the picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.archive.archive import write_study

from lumbargrade.cohort.export.coco import write
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level


@pytest.fixture
def one(tmp_path: Path) -> CohortSlice:
    """A slice of 48 columns and 40 rows; pixels are 0.75 mm wide and 0.9 mm high."""
    write_study(tmp_path / "studies" / "P1", "P1", "1")
    return CohortSlice(
        patient_id="P1",
        file=tmp_path / "studies" / "P1" / "axial_t2" / "0001.dcm",
        series_instance_uid="1.2.1.1",
        sop_instance_uid="1.2.1.1.1",
        contrast="t2",
        level=Level.L4_L5,
        disc_in_plane=True,
        center_px=(20.0, 15.0),
        grades={"LDH": 2, "LCCS": None},
        scanner="Maker One",
        external=False,
        age_years=61.0,
        sex="F",
    )


def written(one: CohortSlice, folder: Path) -> dict[str, Any]:
    path = write(Cohort(folder, False, (one,), ""), folder)
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def test_a_drawn_box_counts_from_the_corner_of_the_picture(
    one: CohortSlice, tmp_path: Path
) -> None:
    # In a cohort (0, 0) is the centre of the first pixel, half a pixel from the corner.
    data = written(replace(one, box_px=(9.5, 3.5, 20.0, 16.0)), tmp_path)
    box = data["annotations"][0]
    assert box["bbox"] == [10.0, 4.0, 20.0, 16.0]
    assert box["area"] == 320.0
    assert box["attributes"] == {
        "level": "L4/L5",
        "box_source": "drawn by a reader",
        "disc_in_plane": True,
        "LDH": 2,
        "LCCS": None,
    }
    assert (box["image_id"], box["category_id"], box["iscrowd"]) == (1, 1, 0)
    image = data["images"][0]
    assert (image["id"], image["width"], image["height"]) == (1, 48, 40)
    assert image["file_name"] == "studies/P1/axial_t2/0001.dcm"


def test_a_centre_gets_the_square_of_75_mm_in_pixels(one: CohortSlice, tmp_path: Path) -> None:
    box = written(one, tmp_path)["annotations"][0]
    # 75 / 0.75 columns and 75 / 0.9 rows around (20.5, 15.5) from the corner.
    assert box["bbox"] == [-29.5, -26.1667, 100.0, 83.3333]
    assert box["area"] == 8333.3333
    assert box["attributes"]["box_source"] == "square that is graded, around the centre"


def test_a_slice_without_a_region_is_an_image_without_a_box(
    one: CohortSlice, tmp_path: Path
) -> None:
    data = written(replace(one, center_px=None), tmp_path)
    assert (len(data["images"]), data["annotations"]) == (1, [])


def test_a_file_of_another_slice_is_refused(one: CohortSlice, tmp_path: Path) -> None:
    with pytest.raises(
        CohortError, match=r"0001\.dcm: does not have the size or UID given in the cohort"
    ):
        written(replace(one, sop_instance_uid="9"), tmp_path)
