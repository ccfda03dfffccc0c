"""Masks of known shapes: their area, their place, their edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.morphometry.shapes import ellipse

from lumbargrade.morphometry.drawing import disks, filled, stroke
from lumbargrade.morphometry.outlines import Root

PIXELS, SPACING = 96, 0.6875
PIXEL_MM2 = SPACING**2


@given(st.floats(4.0, 20.0), st.floats(4.0, 20.0), st.floats(-10.0, 10.0), st.floats(-10.0, 10.0))
def test_a_filled_ellipse_has_its_area_and_centre(
    wide: float, deep: float, x: float, y: float
) -> None:
    mask = filled(ellipse((x, y), (wide, deep)), PIXELS, SPACING)
    assert mask.dtype == np.float32
    assert 0 <= mask.min() <= mask.max() <= 1
    assert mask.sum() * PIXEL_MM2 == pytest.approx(np.pi * wide * deep / 4, rel=0.01)
    columns = (np.arange(PIXELS) + 0.5 - PIXELS / 2) * SPACING
    assert (mask.sum(axis=0) * columns).sum() / mask.sum() == pytest.approx(x, abs=0.02)
    assert (mask.sum(axis=1) * columns).sum() / mask.sum() == pytest.approx(y, abs=0.02)


def test_a_pixel_is_covered_by_its_share() -> None:
    square = np.array([[0.0, 0.0], [1.5, 0.0], [1.5, 1.0], [0.0, 1.0]])
    mask = filled(square, 4, 1.0)
    np.testing.assert_allclose(mask[2], [0, 0, 1, 0.5])
    assert mask.sum() == pytest.approx(1.5)
    np.testing.assert_array_equal(mask, filled(square[::-1], 4, 1.0))


def test_what_lies_outside_of_the_picture_is_left_out() -> None:
    mask = filled(ellipse((0, 0), (300, 300)), 8, 1.0)
    np.testing.assert_array_equal(mask, 1.0)


def test_a_stroke_has_its_width() -> None:
    line = np.array([[-20.0, -3.0], [20.0, 7.0]])
    mask = stroke(line, PIXELS, SPACING, 2.5)
    length = np.hypot(40, 10)
    assert mask.sum() * PIXEL_MM2 == pytest.approx(length * 2.5 + np.pi * 1.25**2, rel=0.01)


def test_disks_have_their_area() -> None:
    roots = [Root((-8.2, 3.1), 4.0), Root((6.0, -9.9), 6.0)]
    mask = disks(roots, PIXELS, SPACING)
    assert mask.sum() * PIXEL_MM2 == pytest.approx(np.pi * (4 + 9), rel=0.02)
    assert disks([], PIXELS, SPACING).sum() == 0
