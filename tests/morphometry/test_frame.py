"""The patient's own frame is found however the patient lies, and whatever one side has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.morphometry.shapes import L, R, ellipse, outlines

from lumbargrade.morphometry.frame import Frame, find_frame, mirrored, moved
from lumbargrade.morphometry.outlines import Outlines


def turned(drawn: Outlines, degrees: float, shift: tuple[float, float] = (0.0, 0.0)) -> Outlines:
    """Outlines turned from x towards y, then shifted."""
    turn = np.deg2rad(degrees)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(points @ matrix + shift)

    return moved(drawn, move)


@settings(max_examples=25)
@given(st.floats(-15.0, 15.0), st.floats(-8.0, 8.0), st.floats(-8.0, 8.0))
def test_a_symmetrical_patient_is_found_upright(degrees: float, x: float, y: float) -> None:
    frame = find_frame(turned(outlines(), degrees, (x, y)))
    assert frame is not None
    assert np.rad2deg(frame.turn) == pytest.approx(degrees, abs=0.1)
    np.testing.assert_allclose(frame.upright(np.array([x, y]))[0], 0.0, atol=0.05)


def test_a_herniation_does_not_move_the_midline() -> None:
    frame = find_frame(outlines(hump_mm=7.0, at_mm=7.0))
    assert frame is not None
    assert abs(np.rad2deg(frame.turn)) < 1.0
    assert abs(frame.offset_mm) < 0.3


@pytest.mark.parametrize(
    "part",
    [
        replace(outlines(), disc=None),
        replace(outlines(), sac=None),
        replace(outlines(), canal_back=None),
        replace(outlines(), facets={}),
        replace(outlines(), joints={}),
    ],
    ids=["disc", "sac", "canal", "facets", "joints"],
)
def test_one_outline_may_lack(part: Outlines) -> None:
    frame = find_frame(turned(part, 8.0, (3.0, -2.0)))
    assert frame is not None
    assert np.rad2deg(frame.turn) == pytest.approx(8.0, abs=0.5)


def test_a_round_sac_alone_keeps_the_frame_of_the_picture() -> None:
    frame = find_frame(Outlines(sac=ellipse((4.0, 2.0), (12.0, 12.0))))
    assert frame is not None
    assert abs(np.rad2deg(frame.turn)) < 2.0
    assert frame.offset_mm == pytest.approx(4.0, abs=0.2)


def test_without_canal_and_sac_there_is_no_midline() -> None:
    assert find_frame(Outlines(disc=ellipse((0, -18), (50, 36)))) is None


def test_facets_at_odds_with_a_patient_on_the_back_are_no_guess() -> None:
    swapped = replace(
        outlines(), facets={L: outlines().facets[R], R: outlines().facets[L]}, joints={}
    )
    frame = find_frame(swapped)
    assert frame is not None
    assert abs(np.rad2deg(frame.turn)) < 21.0


@pytest.mark.parametrize("degrees", [-90.0, -45.0, 40.0, 60.0])
def test_a_patient_turned_too_far_has_no_frame(degrees: float) -> None:
    assert find_frame(turned(outlines(), degrees, (3.0, -2.0))) is None


def test_a_frame_is_no_more_than_a_third_of_a_right_angle_off() -> None:
    with pytest.raises(ValueError, match="would not be read as lying on the back"):
        Frame(np.deg2rad(36.0), 0.0)


def test_mirrored_twice_is_the_same() -> None:
    drawn = replace(outlines(), traversing_roots={L: outlines().traversing_roots[L]})
    once = mirrored(drawn)
    assert list(once.traversing_roots) == [R]
    assert once.traversing_roots[R].centre_mm == (-8.5, 3.5)
    assert once.canal_back is not None
    assert once.canal_back[0, 0] < once.canal_back[-1, 0]
    twice = mirrored(once)
    assert drawn.canal_back is not None
    assert twice.canal_back is not None
    np.testing.assert_array_equal(twice.canal_back, drawn.canal_back)
    np.testing.assert_array_equal(twice.facets[L], drawn.facets[L])
    assert twice.roots_in_sac == drawn.roots_in_sac
