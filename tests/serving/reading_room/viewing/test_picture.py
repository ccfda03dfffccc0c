"""A picture as a browser gets it."""

from __future__ import annotations

import numpy as np

from lumbargrade.outputs.page.pictures.display import displayed
from lumbargrade.serving.reading_room.viewing.picture import css_letters, picture_of
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import SAGITTAL_VIEW

SAGITTAL = SliceGeometry((0, 0, 0), (0, 1, 0), (0, 0, -1), (2.0, 1.0), 20, 30)


def test_letters_stand_as_in_css() -> None:
    assert css_letters(SAGITTAL) == ("H", "P", "F", "A")


def test_the_window_is_that_of_the_box_and_pixels_are_whole() -> None:
    stored = np.full((20, 30), 500.0, dtype=np.float32)
    stored[5:10, 10:20] = np.linspace(100, 200, 10, dtype=np.float32).round()
    picture = picture_of(displayed(stored, SAGITTAL, SAGITTAL_VIEW), (10.0, 10.0, 10.0, 10.0))
    assert (picture.width_mm, picture.height_mm) == (30, 40)
    assert 100 <= picture.window[0] < picture.window[1] <= 200
    pixels = np.frombuffer(picture.pixels, "<u2").reshape(picture.rows, picture.columns)
    assert (pixels == stored).all()
