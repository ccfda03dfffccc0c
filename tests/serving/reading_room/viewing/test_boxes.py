"""Boxes are carried by the geometry alone: the same there and back, and left stays left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serving.reading_room.fake_room import made_up_view

from lumbargrade.errors import ReadingError
from lumbargrade.outputs.page.pictures.display import displayed
from lumbargrade.serving.reading_room.viewing.boxes import box_to_shown, box_to_stored
from lumbargrade.serving.reading_room.viewing.views import StudyView
from lumbargrade.study.geometry import Direction, SliceGeometry
from lumbargrade.study.patch import AXIAL_VIEW
from lumbargrade.study.squares import Box

ORIENTATIONS: list[tuple[Direction, Direction]] = [
    ((1, 0, 0), (0, 1, 0)),
    ((-1, 0, 0), (0, 1, 0)),
    ((1, 0, 0), (0, -1, 0)),
    ((-1, 0, 0), (0, -1, 0)),
    ((0, 1, 0), (1, 0, 0)),
    ((0, -1, 0), (1, 0, 0)),
    ((0, 1, 0), (-1, 0, 0)),
    ((0, -1, 0), (-1, 0, 0)),
    ((0.96, 0.28, 0), (-0.28, 0.96, 0)),
    ((-0.96, 0, 0.28), (0, 1, 0)),
]
EDGES = st.floats(0.5, 60)
BOXES = st.tuples(st.floats(0, 100), st.floats(0, 100), EDGES, EDGES)


def view_of(orientation: tuple[Direction, Direction]) -> StudyView:
    stored = SliceGeometry((-9.0, 8.0, 7.0), *orientation, (0.5, 0.8), 160, 230)
    shown = displayed(np.zeros((160, 230), np.float32), stored, AXIAL_VIEW).geometry
    made = made_up_view(1)
    return replace(made, slices=(replace(made.slices[0], stored=stored, shown=shown),))


@given(st.sampled_from(ORIENTATIONS), BOXES)
def test_there_and_back_a_box_is_the_same(
    orientation: tuple[Direction, Direction], box: Box
) -> None:
    view = view_of(orientation)
    assert box_to_shown(view, 1, box_to_stored(view, 1, box)) == pytest.approx(box, abs=1e-6)
    assert box_to_stored(view, 1, box_to_shown(view, 1, box)) == pytest.approx(box, abs=1e-6)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_what_is_left_on_the_picture_is_the_patients_right(
    orientation: tuple[Direction, Direction],
) -> None:
    """A box in the upper left corner as shown holds the patient's right and anterior corner."""
    view = view_of(orientation)
    stored = view.slices[0].stored
    x, y, width, height = box_to_stored(view, 1, (0.0, 0.0, 4.0, 4.0))
    middle = stored.to_patient(x + width / 2 - 0.5, y + height / 2 - 0.5)
    right, anterior, _ = middle - stored.center_mm
    assert right < 0
    assert anterior < 0


@pytest.mark.parametrize(
    ("orientation", "box_px"),
    [
        (((1, 0, 0), (0, 1, 0)), (0.0, 0.0, 5.0, 8.0)),
        (((-1, 0, 0), (0, 1, 0)), (225.0, 0.0, 5.0, 8.0)),
        (((1, 0, 0), (0, -1, 0)), (0.0, 152.0, 5.0, 8.0)),
        (((0, 1, 0), (1, 0, 0)), (0.0, 0.0, 5.0, 8.0)),
    ],
)
def test_pixels_are_counted_from_the_corner_of_the_stored_picture(
    orientation: tuple[Direction, Direction], box_px: Box
) -> None:
    """5 columns of 0.8 mm and 8 rows of 0.5 mm are 4 mm each."""
    assert box_to_stored(view_of(orientation), 1, (0.0, 0.0, 4.0, 4.0)) == pytest.approx(box_px)


def test_a_slice_that_is_not_there() -> None:
    for carry in (box_to_stored, box_to_shown):
        with pytest.raises(ReadingError, match="slices 1 to 1"):
            carry(view_of(ORIENTATIONS[0]), 2, (0.0, 0.0, 4.0, 4.0))
