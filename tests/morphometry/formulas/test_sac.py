"""Sacs that are ellipses, with roots at known places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.morphometry.shapes import ellipse, outlines

from lumbargrade.morphometry.formulas.sac import (
    root_clusters,
    root_share,
    sac_area,
    sac_depth,
    sac_width,
    ventral_csf,
)
from lumbargrade.morphometry.outlines import NotMeasured, Outlines, Root


@given(st.floats(4.0, 25.0), st.floats(3.0, 20.0))
def test_an_ellipse(wide: float, deep: float) -> None:
    drawn = Outlines(sac=ellipse((1.0, 5.0), (wide, deep)))
    assert sac_area(drawn) == pytest.approx(np.pi * wide * deep / 4, rel=1e-3)
    assert sac_width(drawn) == pytest.approx(wide, rel=2e-3)
    assert sac_depth(drawn) == pytest.approx(deep, rel=2e-3)


def test_a_triangle_is_as_deep_as_its_longest_chord() -> None:
    drawn = Outlines(sac=np.array([[-8.0, 0.0], [8.0, 0.0], [0.0, 12.0]]))
    assert sac_depth(drawn) == pytest.approx(12.0, abs=0.1)
    assert sac_width(drawn) == pytest.approx(16.0, abs=0.15)
    assert sac_area(drawn) == 96.0


def test_csf_in_front_of_the_roots() -> None:
    """The foremost edge of the middle half lies at y = 5.5, 1.5 mm from the midline."""
    drawn = replace(outlines(), clusters=None)
    front = 6 - 5 * np.sqrt(1 - (1.5 / 7) ** 2)
    assert ventral_csf(drawn) == pytest.approx(5.5 - front, abs=0.02)  # the outer two do not count
    touching = replace(drawn, roots_in_sac=(Root((0.0, 1.2), 1.0), *(drawn.roots_in_sac or ())))
    assert ventral_csf(touching) == 0.0


def test_a_bundle_without_single_roots_counts_whole() -> None:
    bundle = ellipse((0.0, 7.0), (8.0, 6.0))
    drawn = replace(outlines(), roots_in_sac=(), clusters=(bundle,))
    assert ventral_csf(drawn) == pytest.approx(3.0, abs=0.05)
    assert root_share(drawn) == pytest.approx(48 / 140, rel=1e-3)
    assert root_clusters(drawn) == 1


def test_roots_at_the_sides_alone() -> None:
    sides = replace(outlines(), roots_in_sac=(Root((5.0, 6.0), 1.0),), clusters=())
    with pytest.raises(NotMeasured, match="no root lies in the middle half of the sac"):
        ventral_csf(sides)


def test_the_share_of_the_roots() -> None:
    assert root_share(outlines()) == pytest.approx(4 * np.pi / 4 / (35 * np.pi), rel=2e-3)


def test_groups_as_outlined_and_roots_outside_of_them() -> None:
    assert root_clusters(outlines()) == 3


def test_groups_by_the_gap_between_roots() -> None:
    near, far = (Root((x, 5.0), 1.0) for x in (1.4, 4.0))
    drawn = Outlines(roots_in_sac=(Root((0.0, 5.0), 1.0), near, far))
    assert root_clusters(drawn) == 2  # 0.4 mm and 1.6 mm between their edges
    chain = Outlines(roots_in_sac=tuple(Root((x, 5.0), 1.0) for x in (0.0, 2.8, 1.4)))
    assert root_clusters(chain) == 1


def test_roots_that_were_not_drawn_are_not_none() -> None:
    with pytest.raises(NotMeasured, match="the roots in the sac are not outlined"):
        root_share(replace(outlines(), roots_in_sac=None))
    with pytest.raises(NotMeasured, match="no root can be seen in the sac"):
        root_clusters(replace(outlines(), roots_in_sac=(), clusters=None))
    with pytest.raises(NotMeasured, match="the dural sac is not outlined"):
        sac_area(Outlines())
