from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.outputs.page.pictures.display import displayed
from lumbargrade.outputs.page.pictures.images import edge_letters
from lumbargrade.study.geometry import Direction, SliceGeometry
from lumbargrade.study.patch import AXIAL_VIEW, SAGITTAL_VIEW, View

AXIAL = ("R", "L", "A", "P")
SAGITTAL = ("A", "P", "H", "F")


@pytest.mark.parametrize(
    ("row", "column", "view", "letters", "mirrored"),
    [
        ((1, 0, 0), (0, 1, 0), AXIAL_VIEW, AXIAL, False),
        ((-1, 0, 0), (0, 1, 0), AXIAL_VIEW, AXIAL, True),
        ((-1, 0, 0), (0, -1, 0), AXIAL_VIEW, AXIAL, False),
        ((0, 1, 0), (1, 0, 0), AXIAL_VIEW, AXIAL, True),
        ((0, -1, 0), (1, 0, 0), AXIAL_VIEW, AXIAL, False),
        ((0.96, 0.28, 0), (-0.28, 0.96, 0), AXIAL_VIEW, AXIAL, False),
        ((0, 1, 0), (0, 0, -1), SAGITTAL_VIEW, SAGITTAL, False),
        ((0, -1, 0), (0, 0, -1), SAGITTAL_VIEW, SAGITTAL, True),
        ((0, 0, 1), (0, 1, 0), SAGITTAL_VIEW, SAGITTAL, False),
    ],
)
def test_a_slice_is_shown_as_radiologists_look_at_it(
    row: Direction, column: Direction, view: View, letters: tuple[str, ...], mirrored: bool
) -> None:
    """And each pixel keeps its place in the patient."""
    stored = SliceGeometry((-9.0, 8.0, 7.0), row, column, (0.5, 0.8), 6, 9)
    pixels = np.arange(54, dtype=np.float32).reshape(6, 9)
    shown = displayed(pixels, stored, view)
    assert edge_letters(shown.geometry) == letters
    assert shown.mirrored is mirrored
    assert shown.pixels.shape == (shown.geometry.rows, shown.geometry.columns)
    for at_row, at_column in np.ndindex(6, 9):
        place = stored.to_patient(at_column, at_row)
        there, down, off = shown.geometry.to_pixel(place)
        assert shown.pixels[round(down), round(there)] == pixels[at_row, at_column]
        assert (there, down, off) == pytest.approx((round(there), round(down), 0), abs=1e-9)


def test_lengths_begin_at_the_corner_of_the_picture() -> None:
    stored = SliceGeometry((0.0, 0.0, 0.0), (1, 0, 0), (0, 1, 0), (0.5, 0.8), 6, 9)
    shown = displayed(np.zeros((6, 9), np.float32), stored, AXIAL_VIEW)
    assert shown.to_mm((0.0, 0.0, 5.0)) == pytest.approx((0.4, 0.25))
