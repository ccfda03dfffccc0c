"""Joints at known angles, ligaments of known thickness."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.morphometry.shapes import L, outlines

from lumbargrade.morphometry.formulas.facets import facet_angle, flavum_thickness
from lumbargrade.morphometry.outlines import NotMeasured, Outlines


@given(st.floats(0.0, 90.0))
def test_a_joint_at_an_angle(degrees: float) -> None:
    turn = np.deg2rad(degrees)
    joint = np.array([[12.0, 5.0], [12.0 + 12 * np.sin(turn), 5.0 + 12 * np.cos(turn)]])
    assert facet_angle(Outlines(joints={L: joint})) == pytest.approx(degrees, abs=1e-6)


def test_a_short_joint_has_no_direction() -> None:
    short = Outlines(joints={L: np.array([[12.0, 5.0], [14.0, 8.0]])})
    with pytest.raises(NotMeasured, match="the facet joint is outlined over less than 4 mm"):
        facet_angle(short)
    with pytest.raises(NotMeasured, match="the facet joint is not outlined"):
        facet_angle(Outlines())


@pytest.mark.parametrize("thick", [2.0, 3.5, 6.0])
def test_a_ligament_of_even_thickness(thick: float) -> None:
    wall = np.array([[-10.0, 4.0], [0.0, 16.0], [10.0, 4.0]])
    outward = np.array([12.0, 10.0]) / np.hypot(12, 10)
    bone = np.vstack([wall[1:] + thick * outward, [[30.0, 10.0], [12.0, 26.0]]])
    joint = np.array([[10.0, 4.0], [16.0, 12.0]]) + thick * outward
    drawn = Outlines(canal_back=wall, facets={L: bone}, joints={L: joint})
    assert flavum_thickness(drawn) == pytest.approx(thick, abs=0.01)


def test_a_wall_that_ends_before_the_joint() -> None:
    beside_the_apex = {L: np.array([[1.0, 18.0], [8.0, 22.0]])}
    with pytest.raises(NotMeasured, match="does not reach from its apex to the joint"):
        flavum_thickness(replace(outlines(), joints=beside_the_apex))
    rising = np.array([[-5.0, 4.0], [0.0, 10.0], [4.0, 16.0]])
    with pytest.raises(NotMeasured, match="ends at its apex"):
        flavum_thickness(replace(outlines(), canal_back=rising))
