"""Outlines come back from their masks, finer than the pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.morphometry.shapes import ellipse

from lumbargrade.morphometry.contour import blobs, centre_line, closed_outline
from lumbargrade.morphometry.drawing import disks, filled, stroke
from lumbargrade.morphometry.lines import along, area, close, distances
from lumbargrade.morphometry.outlines import Root

PIXELS, SPACING = 128, 84 / 128
EMPTY = np.zeros((PIXELS, PIXELS), np.float32)


@settings(max_examples=40)
@given(st.floats(6.0, 30.0), st.floats(6.0, 30.0), st.floats(-10.0, 10.0), st.floats(-10.0, 10.0))
def test_an_outline_comes_back(wide: float, deep: float, x: float, y: float) -> None:
    drawn = ellipse((x, y), (wide, deep))
    found = closed_outline(filled(drawn, PIXELS, SPACING), SPACING)
    assert found is not None
    assert distances(found, close(drawn)).max() < 0.15
    assert area(found) == pytest.approx(area(drawn), rel=0.02, abs=0.8)
    assert not np.array_equal(found[0], found[-1])


def test_the_largest_shape_is_outlined_and_its_hole_is_not() -> None:
    large, small = ellipse((-10, 0), (20, 20)), ellipse((20, 5), (8, 8))
    hole = filled(ellipse((-10, 0), (6, 6)), PIXELS, SPACING)
    picture = filled(large, PIXELS, SPACING) + filled(small, PIXELS, SPACING) - hole
    found = closed_outline(picture, SPACING)
    assert found is not None
    assert area(found) == pytest.approx(np.pi * 100, rel=0.02)


def test_a_shape_at_the_edge_is_closed_along_it() -> None:
    found = closed_outline(np.ones((10, 10)), 2.0)
    assert found is not None
    assert np.abs(found).max() == 10.0  # the edge of the picture


def test_an_empty_map_has_no_outline() -> None:
    assert closed_outline(EMPTY, SPACING) is None
    assert centre_line(EMPTY, SPACING) is None
    assert blobs(EMPTY, SPACING) == ()


def test_a_pixel_that_just_reaches_one_half_is_no_shape() -> None:
    """Its diameter would be 0 in a file of outlines, which then could not be read back."""
    mask = np.zeros((40, 40))
    mask[20, 10] = 0.50001
    assert blobs(mask, 0.65) == ()
    mask[20, 10] = 0.8
    assert len(blobs(mask, 0.65)) == 1


def test_a_dot_is_no_line() -> None:
    assert centre_line(disks([Root((0.1, 0.2), 1.0)], PIXELS, SPACING), SPACING) is None
    one = EMPTY.copy()
    one[5, 5] = 1
    assert centre_line(one, SPACING) is None


@settings(max_examples=40)
@given(
    st.floats(-1.2, 1.2), st.floats(8.0, 20.0), st.floats(1.6, 3.5), st.sampled_from([-1.0, 1.0])
)
def test_the_middle_of_a_line_comes_back(
    turn: float, length: float, width: float, side: float
) -> None:
    t = np.linspace(0.0, 1.0, 9) * length
    drawn = np.column_stack([10 + t * np.cos(turn), t * np.sin(turn) + 0.02 * t**2])
    drawn[:, 0] *= side
    found = centre_line(stroke(drawn, PIXELS, SPACING, width), SPACING)
    assert found is not None
    assert distances(found, drawn).max() < SPACING
    for end in (0, -1):  # the medial end first
        assert np.hypot(*(found[end] - drawn[end])) < 0.8
    assert along(found)[-1] == pytest.approx(along(drawn)[-1], abs=1.2)


@settings(max_examples=40)
@given(st.lists(st.floats(2.0, 7.0), min_size=1, max_size=5))
def test_roots_come_back(diameters: list[float]) -> None:
    roots = [Root((-30.0 + 12.3 * i, 3.0 * i), size) for i, size in enumerate(diameters)]
    found = sorted(blobs(disks(roots, PIXELS, SPACING), SPACING), key=lambda r: r.centre_mm)
    assert len(found) == len(roots)
    for got, drawn in zip(found, roots, strict=True):
        np.testing.assert_allclose(got.centre_mm, drawn.centre_mm, atol=0.1)
        assert got.diameter_mm == pytest.approx(drawn.diameter_mm, abs=0.15)
