"""Patient coordinates to the spine's and back."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.phantom.anatomies import anatomy_with

from lumbargrade.phantom.anatomy.spine import plane_of_level

SPINE = anatomy_with().spine


@settings(max_examples=60, deadline=None)
@given(u=st.floats(-20, 20), v=st.floats(-5, 15), zeta=st.floats(-20, 150))
def test_there_and_back(u: float, v: float, zeta: float) -> None:
    point = SPINE.to_patient(u, v, zeta)[None].astype(np.float32)
    back = [float(value[0]) for value in SPINE.to_spine(point)]
    # between two planes zeta runs along chords, so a point off the axis shifts a little
    assert abs(back[0] - u) < 0.3
    assert abs(back[1] - v) < 0.6
    assert abs(back[2] - zeta) < 2.5


def test_a_disc_plane_is_flat() -> None:
    plane = plane_of_level(3)
    origin, back = SPINE.origins_mm[plane], SPINE.posterior(plane)
    points = np.array([origin + [u, 0, 0] + v * back for u in (-20, 0, 20) for v in (-30, 0, 15)])
    _, _, zeta = SPINE.to_spine(points.astype(np.float32))
    np.testing.assert_allclose(zeta, SPINE.zeta_mm[plane], atol=0.05)


def test_levels_run_downward() -> None:
    heights = [SPINE.origins_mm[plane_of_level(index)][2] for index in range(5)]
    assert heights == sorted(heights, reverse=True)
    assert np.diff(SPINE.zeta_mm).min() > 20
