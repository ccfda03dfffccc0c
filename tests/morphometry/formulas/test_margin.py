"""Humps of known height, place and side on discs of known shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.morphometry.shapes import JOINT_LEFT, L, R, disc, ellipse, flipped, outlines, shifted

from lumbargrade.morphometry.formulas.margin import (
    UNDISTURBED_QUANTILE,
    back_margin,
    disc_displacement,
    displacement_apex,
    displacement_ratio,
    intrafacet_depth,
)
from lumbargrade.morphometry.outlines import NotMeasured, Outlines


@pytest.mark.parametrize("concave", [-1.5, 0.0, 1.5])
def test_a_smooth_margin_is_not_displaced(concave: float) -> None:
    assert back_margin(disc(concave_mm=concave)).displacement < 0.01


@given(st.floats(1.5, 10.0), st.floats(-8.0, 8.0), st.floats(6.0, 9.0), st.floats(-1.5, 1.5))
def test_a_hump_has_its_height_and_place(
    height: float, at: float, base: float, concave: float
) -> None:
    margin = back_margin(disc(height, at, base, concave))
    assert margin.displacement == pytest.approx(height, rel=0.02, abs=0.02)
    assert margin.apex == pytest.approx(at, abs=0.4)


def test_a_hump_in_the_middle_may_be_broad() -> None:
    assert back_margin(disc(5.0, base_mm=12.0)).displacement == pytest.approx(5.0, abs=0.1)
    assert 3.0 < back_margin(disc(5.0, base_mm=16.0)).displacement < 5.0  # partly a bulge


def test_a_diffuse_bulge_is_followed() -> None:
    bulging = disc(concave_mm=-4.0)
    assert back_margin(bulging).displacement < 0.01


def test_the_course_is_the_regression_at_its_quantile() -> None:
    """Against the same regression as a linear programme."""
    rng = np.random.default_rng(3)
    line = disc(4.0, 3.0)
    line[:401, 1] += rng.normal(0, 0.3, 401)
    margin = back_margin(line)
    powers = np.vander(margin.x, 3)
    n, q = len(margin.x), UNDISTURBED_QUANTILE
    costs = np.r_[np.zeros(6), np.full(n, q), np.full(n, 1 - q)]
    equal = np.hstack([powers, -powers, np.eye(n), -np.eye(n)])
    best = linprog(costs, A_eq=equal, b_eq=margin.actual).fun
    behind = margin.actual - margin.undisturbed
    assert np.where(behind > 0, q * behind, (q - 1) * behind).sum() <= best * 1.02


def test_no_place_for_what_is_not_displaced() -> None:
    with pytest.raises(NotMeasured, match="no displacement beyond 1 mm"):
        displacement_apex(outlines(hump_mm=0.5))


def test_two_humps_have_no_single_apex() -> None:
    both = disc(3.0, 7.0, 6.0)
    both[:401, 1] += disc(3.0, -7.0, 6.0)[:401, 1] - disc()[:401, 1]
    with pytest.raises(NotMeasured, match="no single apex"):
        displacement_apex(Outlines(disc=both))
    other = replace(outlines(), disc=both)
    assert intrafacet_depth(other) == pytest.approx(8.0, abs=0.1)


def test_a_disc_off_the_midline_is_not_measured() -> None:
    with pytest.raises(NotMeasured, match="the disc does not lie across the midline"):
        disc_displacement(Outlines(disc=ellipse((40.0, 0.0), (20.0, 20.0))))
    with pytest.raises(NotMeasured, match="the disc is not outlined"):
        disc_displacement(Outlines())


def test_the_line_lies_at_the_medial_ends_of_the_joints() -> None:
    """They lie at y = 7; the undisturbed margin at y = -1 in the midline."""
    assert intrafacet_depth(outlines()) == pytest.approx(8.0, abs=0.02)
    assert displacement_ratio(outlines(hump_mm=4.0)) == pytest.approx(0.5, abs=0.01)
    assert displacement_ratio(outlines(hump_mm=10.0)) == pytest.approx(1.25, abs=0.02)


def test_the_depth_is_perpendicular_to_a_slanting_line() -> None:
    slanting = {L: shifted(JOINT_LEFT, 0.0, 3.0), R: shifted(flipped(JOINT_LEFT), 0.0, -3.0)}
    drawn = replace(outlines(hump_mm=3.0), joints=slanting)
    expected = 8.0 * 26.0 / np.hypot(26.0, 6.0)
    assert intrafacet_depth(drawn) == pytest.approx(expected, abs=0.05)


def test_the_depth_needs_both_joints_in_their_places() -> None:
    one = replace(outlines(), joints={L: JOINT_LEFT})
    with pytest.raises(NotMeasured, match="the right facet joint is not outlined"):
        intrafacet_depth(one)
    with pytest.raises(NotMeasured, match="the left facet joint is not outlined"):
        intrafacet_depth(replace(outlines(), joints={R: flipped(JOINT_LEFT)}))
    swapped = replace(outlines(), joints={L: flipped(JOINT_LEFT), R: JOINT_LEFT})
    with pytest.raises(NotMeasured, match="do not lie on both sides"):
        intrafacet_depth(swapped)


def test_no_ratio_to_a_line_on_the_disc() -> None:
    near = {L: shifted(JOINT_LEFT, 0.0, -7.0), R: shifted(flipped(JOINT_LEFT), 0.0, -7.0)}
    with pytest.raises(NotMeasured, match="less than 2 mm from the disc"):
        displacement_ratio(replace(outlines(), joints=near))
