from __future__ import annotations

import json

import pytest
from tests.serving.reading_room.fake_room import made_up_view

from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.viewing.views import (
    StudyView,
    pixels_of,
    sagittal_pixels,
)

VIEW = made_up_view(3)


def test_a_browser_gets_what_it_needs_and_no_name_of_a_picture() -> None:
    data = json.loads(json.dumps(VIEW.to_json()))
    assert set(data["slices"][0]) == {
        "number", "level", "level_source", "width_mm", "height_mm", "rows", "columns",
        "letters", "window", "region_mm", "region_source", "proposal_mm", "unit",
    }  # fmt: skip
    assert [one["number"] for one in data["slices"]] == [1, 2, 3]
    assert data["sagittal"]["discs"][0]["level"] == "L1/L2"
    assert data["sagittal"]["lines"][2]["number"] == 3
    assert "1.2.1" not in json.dumps(data)


def test_pixels_are_those_of_the_number() -> None:
    assert pixels_of(VIEW, 2) == VIEW.slices[1].pixels
    assert len(sagittal_pixels(VIEW)) == 2 * 150 * 250


@pytest.mark.parametrize("number", [0, 4])
def test_a_slice_that_is_not_there_is_said(number: int) -> None:
    with pytest.raises(ReadingError, match=rf"^slice {number}: the study has slices 1 to 3: load"):
        pixels_of(VIEW, number)


def test_a_study_without_a_sagittal_picture() -> None:
    view = StudyView(VIEW.slices, None)
    assert view.to_json()["sagittal"] is None
    with pytest.raises(ReadingError, match="has no sagittal picture"):
        sagittal_pixels(view)
