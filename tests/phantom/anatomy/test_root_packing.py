"""Roots in one cross-section: inside the wall, apart where there is room, together where not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.phantom.anatomies import L4_L5, ROOT_AREA_SCALE, anatomy_with

from lumbargrade.phantom.anatomy.cauda import roots_below
from lumbargrade.phantom.anatomy.level import ANGLES
from lumbargrade.phantom.anatomy.root_packing import (
    WALL_MM,
    Habit,
    Roots,
    Values,
    confine,
    pack,
    rim_of,
    towards,
)

CIRCLE = np.full(len(ANGLES), 6.0)


def gaps_between_roots(area_mm2: float) -> Values:
    """Least CSF (mm) between every root and its nearest neighbour at L4/5."""
    anatomy = anatomy_with(sac_area_mm2=area_mm2)
    radius = roots_below(L4_L5, ROOT_AREA_SCALE)
    n = len(radius)
    habit = Habit(np.arange(n), 0.5, 0.9, np.tile([0.0, 0.8], (n, 1)))
    start = np.random.default_rng(1).uniform(-0.6, 0.6, (n, 2))
    roots = Roots(radius, 0.92, np.array([0.0, 0.3]), habit)
    zeta = anatomy.disc_zeta(L4_L5)
    share = pack(anatomy.canal, zeta, start, roots)
    rim = rim_of(anatomy.canal, zeta)
    point = share * towards(rim, share)[:, None]
    assert (np.hypot(*point.T) + radius <= towards(rim, point) + 1e-6).all()
    distance = np.hypot(*(point[:, None] - point[None]).T) - radius[:, None] - radius[None]
    np.fill_diagonal(distance, np.inf)
    return np.asarray(distance.min(axis=1))


def test_the_rim_is_read_between_its_angles() -> None:
    rim = np.arange(len(ANGLES), dtype=float)
    half = 2 * np.pi * 10.5 / len(ANGLES)
    point = np.array([[np.cos(half), np.sin(half)], [3.0, 0.0], [0.0, 2.0]])
    np.testing.assert_allclose(towards(rim, point), [10.5, 0.0, len(ANGLES) / 4], atol=1e-9)


@given(
    angle=st.floats(0, 6.28),
    distance=st.floats(0, 30),
    radius=st.floats(0.2, 2.0),
)
def test_a_root_never_leaves_the_sac(angle: float, distance: float, radius: float) -> None:
    start = distance * np.array([[np.cos(angle), np.sin(angle)]])
    end = confine(CIRCLE, start, np.array([radius]))
    assert np.hypot(*end[0]) <= 6.0 - radius - WALL_MM + 1e-9
    if distance < 6.0 - radius - WALL_MM - 1e-5:
        np.testing.assert_allclose(end, start)


def test_a_group_is_chosen_with_its_drift() -> None:
    habit = Habit(np.array([0, 1, 2]), 0.1, 0.5, np.array([[1.0, 0], [2.0, 0], [3.0, 0]]))
    chosen = habit.of(np.array([True, False, True]))
    assert list(chosen.group) == [0, 2]
    assert list(chosen.drift[:, 0]) == [1.0, 3.0]
    assert chosen.between_mm == 0.5


def test_roots_with_room_are_apart_and_bundled_roots_touch() -> None:
    roomy, bundled = gaps_between_roots(170.0), gaps_between_roots(45.0)
    assert np.median(roomy) > 0.5
    assert np.median(bundled) < 0.25
    assert np.median(roomy) == pytest.approx(0.9, abs=0.25)
