"""Profiles along the line in which two slices cross."""

from __future__ import annotations

import numpy as np
import pytest
from tests.inference.levels.bodies import axial, body, sagittal

from lumbargrade.inference.levels.profiles import (
    FEWEST_SAMPLES,
    correlations,
    crossing_line,
    profiles,
    sampled,
)

DRAW = np.random.default_rng(3)


def related(several: list[np.ndarray], other: np.ndarray) -> list[float]:
    """The correlation of each of several profiles with another."""
    found = correlations(profiles(np.stack(several)), profiles(other[np.newaxis]))
    return [float(one) for one in found[:, 0]]


def test_both_slices_show_the_body_along_their_line() -> None:
    item, picture = axial(10.0), sagittal(x=6.0)
    points = crossing_line(item.geometry, picture.geometry)
    assert points is not None
    np.testing.assert_allclose(points[:, 0], 6.0)
    np.testing.assert_allclose(points[:, 2], 10.0)
    own = sampled(item.load_pixels(), item.geometry, points)
    inside = np.isfinite(own)
    np.testing.assert_allclose(own[inside], body(points)[inside], atol=1.5)
    (found,) = related([own], sampled(picture.pixels, picture.geometry, points))
    assert found > 0.99


def test_parallel_slices_have_no_line() -> None:
    assert crossing_line(axial(0.0).geometry, axial(20.0).geometry) is None


def test_a_profile_outside_the_picture_is_zero_and_spoils_no_other() -> None:
    other = DRAW.normal(size=200)
    beside = np.full(200, np.nan)
    partly = np.where(np.arange(200) < 50, np.nan, other)
    found = related([other, beside, partly], other)
    assert found == pytest.approx([1.0, 0.0, 1.0], abs=1e-2)
    assert related([beside], other) == pytest.approx([0.0])


def test_a_part_of_a_profile_is_compared_alone() -> None:
    other = DRAW.normal(size=200)
    whole, moved = profiles(other[np.newaxis]), profiles(np.roll(other, 8)[np.newaxis])
    assert correlations(moved.part(8, 192), whole.part(0, 192)) == pytest.approx(1.0, abs=1e-2)
    assert abs(float(correlations(moved, whole)[0, 0])) < 0.5


def test_short_profiles_and_flat_ones_say_nothing() -> None:
    short = DRAW.normal(size=FEWEST_SAMPLES - 1)
    assert related([short], short) == [0.0]
    assert related([np.ones(100)], DRAW.normal(size=100)) == [0.0]
