"""Profiles along the line in which two slices cross."""

from __future__ import annotations

import numpy as np
import pytest
from tests.inference.levels.bodies import axial, body, sagittal

from lumbargrade.inference.levels.profiles import (
    FEWEST_SAMPLES,
    correlation,
    correlations,
    crossing_line,
    sampled,
)

DRAW = np.random.default_rng(3)


def test_both_slices_show_the_body_along_their_line() -> None:
    item, picture = axial(10.0), sagittal(x=6.0)
    points = crossing_line(item.geometry, picture.geometry)
    assert points is not None
    np.testing.assert_allclose(points[:, 0], 6.0)
    np.testing.assert_allclose(points[:, 2], 10.0)
    own = sampled(item.load_pixels(), item.geometry, points)
    inside = np.isfinite(own)
    np.testing.assert_allclose(own[inside], body(points)[inside], atol=1.5)
    assert correlation(own, sampled(picture.pixels, picture.geometry, points)) > 0.99


def test_parallel_slices_have_no_line() -> None:
    assert crossing_line(axial(0.0).geometry, axial(20.0).geometry) is None


def test_a_profile_outside_the_picture_is_zero_and_spoils_no_other() -> None:
    other = DRAW.normal(size=200)
    beside = np.full(200, np.nan)
    partly = np.where(np.arange(200) < 50, np.nan, other)
    found = correlations(np.stack([other, beside, partly]), other)
    assert found == pytest.approx([1.0, 0.0, 1.0], abs=1e-2)
    assert correlations(np.stack([beside]), other) == pytest.approx([0.0])


def test_short_profiles_and_flat_ones_say_nothing() -> None:
    short = DRAW.normal(size=FEWEST_SAMPLES - 1)
    assert correlation(short, short) == 0.0
    assert correlation(np.ones(100), DRAW.normal(size=100)) == 0.0
