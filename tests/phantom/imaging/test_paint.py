"""Shares, distances and mixing, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.phantom.anatomies import points_at

from lumbargrade.phantom.imaging.paint import (
    Array,
    bone,
    capsule,
    ellipse,
    inside,
    over,
    texture,
)

COORDINATE = st.floats(-200, 200, width=32)


def one(*values: float) -> Array:
    return np.array(values, np.float32)


def test_an_edge_is_as_wide_as_the_blur() -> None:
    share = inside(one(-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0), blur_mm=2.0)
    np.testing.assert_allclose(share, [1, 1, 0.75, 0.5, 0.25, 0, 0])


def test_a_tissue_is_mixed_in_by_its_share() -> None:
    canvas = one(10.0, 10.0, 10.0)
    over(canvas, one(0.0, 0.25, 1.0), 2.0)
    np.testing.assert_allclose(canvas, [10.0, 8.0, 2.0])


def test_the_distance_to_a_circle_is_exact() -> None:
    found = ellipse(one(4.0, 1.0, 6.0), one(6.0, 2.0, 2.0), (1.0, 2.0), (3.0, 3.0))
    np.testing.assert_allclose(found, [2.0, -3.0, 2.0], atol=1e-6)


def test_an_ellipse_is_zero_on_its_rim() -> None:
    angle = np.linspace(0, 2 * np.pi, 9)
    u, v = 2 + 7 * np.cos(angle), -1 + 3 * np.sin(angle)
    np.testing.assert_allclose(ellipse(u, v, (2, -1), (7, 3)), 0, atol=1e-5)


def test_the_distance_to_a_segment() -> None:
    found = capsule(one(5, 13, -3, 8), one(3, 4, -4, 0), (0, 0), (10, 0))
    np.testing.assert_allclose(found, [3, 5, 5, 0], atol=1e-6)


@given(u=COORDINATE, v=COORDINATE)
def test_a_segment_has_no_direction(u: float, v: float) -> None:
    there = capsule(one(u), one(v), (-3, 2), (8, 14))
    back = capsule(one(u), one(v), (8, 14), (-3, 2))
    assert float(there[0]) == pytest.approx(float(back[0]), abs=1e-3)


def test_a_texture_is_smooth_bounded_and_comes_again() -> None:
    along = np.arange(-100, 100, 0.5)
    points = points_at(along, 0.4 * along, 0.0)
    pattern = texture(points, (1.0, 2.0, 3.0), scale_mm=20.0)
    assert np.abs(pattern).max() <= 1.0
    assert 0.2 < pattern.std() < 0.6
    assert np.abs(np.diff(pattern)).max() < 0.3
    again = points_at(along + 8 * 20.0, 0.4 * along, 0.0)
    np.testing.assert_allclose(texture(again, (1.0, 2.0, 3.0), 20.0), pattern, atol=0.35)


def test_a_textures_phase_makes_another_patient() -> None:
    points = points_at(np.linspace(-50, 50, 200), np.linspace(-10, 30, 200), 0.0)
    first = texture(points, (1.0, 2.0, 3.0), 20.0)
    np.testing.assert_array_equal(first, texture(points, (1.0, 2.0, 3.0), 20.0))
    assert np.abs(first - texture(points, (4.0, 5.0, 6.0), 20.0)).mean() > 0.2


def test_bone_has_a_dark_cortex_of_a_millimetre() -> None:
    canvas = np.full(4, 9.0, np.float32)
    bone(canvas, one(2.0, -0.5, -1.5, -8.0), 0.2, marrow=5.0)
    np.testing.assert_allclose(canvas, [9.0, 0.02, 5.0, 5.0], atol=1e-6)


def test_a_mask_takes_all_coordinates_along() -> None:
    points = points_at(np.arange(4.0), np.arange(4.0) + 10, np.arange(4.0) + 20)
    chosen = points.where(np.array([False, True, False, True]))
    assert list(chosen.u) == [1, 3]
    assert list(chosen.y) == [11, 13]
    assert list(chosen.zeta) == [21, 23]
    assert chosen.blur_mm == points.blur_mm


def test_points_halfway_between_two_layers() -> None:
    first, second = points_at(one(1.0), one(2.0), 0.0), points_at(one(3.0), one(2.0), 4.0)
    middle = first.towards(second, 0.5)
    assert [float(a[0]) for a in (middle.x, middle.v, middle.zeta)] == [2.0, 2.0, 2.0]
    assert middle.blur_mm == first.blur_mm


def test_stretched_points_keep_their_place_in_the_spine() -> None:
    points = points_at(one(2.0), one(4.0), 6.0).stretched(1.0, 0.5, 0.25)
    assert [float(a[0]) for a in (points.x, points.y, points.z)] == [2.0, 2.0, 1.5]
    assert float(points.zeta[0]) == 6.0
