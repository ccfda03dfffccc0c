"""What a disc of the spine says of itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inference.sagittal.spines import disc_at

from lumbargrade.grading.level import Level
from lumbargrade.inference.sagittal.discs import SpineDisc


@given(tilt=st.floats(-60, 60), height=st.floats(3, 15))
def test_directions_and_height_follow_the_tilt(tilt: float, height: float) -> None:
    disc = disc_at((2.0, -20.0, 30.0), tilt, height)
    assert disc.height_mm == pytest.approx(height)
    assert disc.center_mm == pytest.approx([2.0, -20.0, 30.0])
    turn = np.deg2rad(tilt)
    assert disc.cranial == pytest.approx([0.0, -np.sin(turn), np.cos(turn)], abs=1e-9)
    assert disc.posterior == pytest.approx([0.0, np.cos(turn), np.sin(turn)], abs=1e-9)


def test_levels_count_from_the_sacrum() -> None:
    corners = disc_at((0.0, 0.0, 0.0)).corners_mm
    named = [SpineDisc(corners, count, 1.0).level for count in range(6)]
    assert named == [*reversed(Level), None]
    assert SpineDisc(corners, None, 1.0).level is None
