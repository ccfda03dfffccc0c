"""Areas, centres, distances against known shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.morphometry.shapes import ellipse

from lumbargrade.morphometry.lines import (
    along,
    area,
    between,
    centroid,
    distances,
    feet,
    inside,
    longest_chord,
    resample,
    resample_closed,
    signed_area,
    spans,
)

sizes = st.floats(1.0, 30.0)
places = st.floats(-40.0, 40.0)


@given(sizes, sizes, places, places)
def test_area_and_centre_of_an_ellipse(wide: float, deep: float, x: float, y: float) -> None:
    line = ellipse((x, y), (wide, deep), points=720)
    assert area(line) == pytest.approx(np.pi * wide * deep / 4, rel=1e-4)
    np.testing.assert_allclose(centroid(line), (x, y), atol=1e-6)


def test_the_sign_of_an_area_is_the_way_round() -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    assert signed_area(square) == 1.0
    assert signed_area(square[::-1]) == -1.0


def test_the_centre_of_a_line_without_area_is_its_mean() -> None:
    np.testing.assert_allclose(centroid(np.array([[0.0, 0.0], [2.0, 2.0], [4.0, 4.0]])), (2, 2))


def test_resampled_lines_keep_their_ends_and_length() -> None:
    line = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 10.0]])
    fine = resample(line, 0.5)
    np.testing.assert_allclose(fine[[0, -1]], line[[0, -1]])
    np.testing.assert_allclose(np.diff(along(fine)), 0.5, atol=1e-9)
    assert along(line)[-1] == 11.0
    assert area(resample_closed(ellipse((0, 0), (20, 10)), 0.1)) == pytest.approx(157.0, rel=0.01)


def test_feet_and_distances() -> None:
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    points = np.array([[4.0, 3.0], [12.0, 5.0], [-3.0, -4.0]])
    found, places = feet(points, line)
    np.testing.assert_allclose(found, [[4, 0], [10, 5], [0, 0]])
    np.testing.assert_allclose(places, [4, 15, 0])
    np.testing.assert_allclose(distances(points, line), [3, 2, 5])


@given(sizes, sizes, st.floats(0.0, 6.28), st.floats(0.0, 2.0))
def test_what_lies_inside(wide: float, deep: float, turn: float, far: float) -> None:
    line = ellipse((1.0, 2.0), (wide, deep), points=720)
    point = np.array([[1 + far * wide / 2 * np.cos(turn), 2 + far * deep / 2 * np.sin(turn)]])
    if abs(far - 1) > 0.01:
        assert inside(point, line)[0] == (far < 1)


def test_a_part_of_a_line() -> None:
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    np.testing.assert_allclose(between(line, 8.0, 12.0), [[8, 0], [10, 0], [10, 2]])


def test_how_far_a_line_reaches() -> None:
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [0.0, 2.0]])
    low, high = spans(square, np.array([1.0, 3.0, 7.0]), axis=0)
    np.testing.assert_allclose(low, [0, 0, np.nan])
    np.testing.assert_allclose(high, [2, 2, np.nan])
    low, high = spans(square, np.array([1.0]), axis=1)
    assert (low[0], high[0]) == (0.0, 4.0)


def test_the_longest_chord_of_a_slanting_ellipse() -> None:
    line = ellipse((0.0, 0.0), (20.0, 10.0), points=720)
    turn = np.deg2rad(30)
    line = line @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    expected = 2 / np.sqrt((np.cos(turn) / 10) ** 2 + (np.sin(turn) / 5) ** 2)
    assert longest_chord(line, axis=0) == pytest.approx(expected, rel=1e-3)
