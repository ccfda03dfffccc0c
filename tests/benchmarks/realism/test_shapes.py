"""Figures of drawn shapes with known answers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.benchmarks.realism.slices import seen
from tests.morphometry.shapes import JOINT_LEFT, outlines

from benchmarks.real.realism import shapes
from benchmarks.real.realism.shapes import half_angle, shape_figures
from lumbargrade.morphometry.outlines import Outlines


@pytest.mark.parametrize(("degrees", "depth"), [(45.0, 10.0), (60.0, 10 / np.sqrt(3))])
def test_a_straight_roof_has_its_own_angle(degrees: float, depth: float) -> None:
    roof = np.array([[-15.0, 16 - 1.5 * depth], [0.0, 16.0], [15.0, 16 - 1.5 * depth]])
    assert half_angle(roof) == pytest.approx(degrees, abs=0.5)


def test_the_angle_of_a_wall_that_ends_early_is_taken_at_its_ends() -> None:
    roof = np.array([[-5.0, 10.0], [0.0, 15.0], [5.0, 10.0]])
    assert half_angle(roof) == pytest.approx(45.0, abs=1.0)


def test_what_folds_back_in_the_recess_does_not_count() -> None:
    roof = np.array([[-12.0, 3.0], [-10.0, 6.0], [0.0, 16.0], [10.0, 6.0], [12.0, 3.0], [8.0, 0.0]])
    assert half_angle(roof) == pytest.approx(45.0, abs=1.0)


def test_a_wall_without_an_apex_has_no_angle() -> None:
    assert np.isnan(half_angle(np.array([[10.0, 3.0], [12.0, 6.0], [14.0, 3.0]])))


def test_every_figure_of_a_whole_slice() -> None:
    found = shape_figures(seen(outlines()))
    assert list(found) == list(shapes.TITLES)
    assert all(np.isfinite(value) for value in found.values())
    assert found[shapes.JOINTS_APART] == pytest.approx(2 * JOINT_LEFT[0, 0], abs=0.01)
    assert found[shapes.DISC_WIDTH] == pytest.approx(50.0, abs=0.1)
    assert found[shapes.SIDES_APART] == pytest.approx(0.0, abs=0.05)
    assert found["sac area, mm2"] == pytest.approx(np.pi * 7 * 5, rel=0.01)


def test_what_is_not_drawn_has_no_figure() -> None:
    some = dataclasses.replace(outlines(), joints={}, disc=None)
    found = shape_figures(seen(some))
    for title in (shapes.JOINTS_APART, shapes.DISC_WIDTH, "canal depth, disc to apex, mm"):
        assert np.isnan(found[title])
    assert np.isfinite(found[shapes.HALF_ANGLE])
    assert all(np.isnan(value) for value in shape_figures(seen(Outlines())).values())
