"""Recesses and roots at known distances from the disc."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.morphometry.shapes import L, R, outlines, shifted

from lumbargrade.morphometry.formulas.recess import recess_depth, root_displacement, root_gap
from lumbargrade.morphometry.outlines import NotMeasured, Outlines, Root

FLAT = np.array([[-25.0, -35.0], [-25.0, 0.0], [25.0, 0.0], [25.0, -35.0]])
PROCESS = np.array([[11.0, 10.0], [13.0, 4.2], [16.0, 6.0], [18.0, 12.0]])


def flat(**more: object) -> Outlines:
    return replace(Outlines(disc=FLAT, facets={L: PROCESS}), **more)  # type: ignore[arg-type]


def test_the_shortest_way_to_the_process() -> None:
    assert recess_depth(flat()) == pytest.approx(4.2)
    beside = flat(
        facets={L: shifted(PROCESS, 16.0, 0.0)}
    )  # its point lies beside the disc's corner
    assert recess_depth(beside) == pytest.approx(np.hypot(4.0, 4.2), abs=1e-6)


def test_a_corner_of_the_disc_may_be_nearest() -> None:
    peak = np.vstack([FLAT[:2], [[10.0, 3.0]], FLAT[2:]])
    facet = np.array([[0.0, 5.0], [20.0, 5.0], [20.0, 12.0], [0.0, 12.0]])
    assert recess_depth(Outlines(disc=peak, facets={L: facet})) == pytest.approx(2.0)


def test_a_process_on_the_disc_leaves_nothing() -> None:
    assert recess_depth(flat(facets={L: shifted(PROCESS, 0.0, -5.0)})) == 0.0


def test_the_gap_to_the_root() -> None:
    assert root_gap(flat(traversing_roots={L: Root((9.0, 3.5), 4.0)})) == pytest.approx(1.5)
    assert root_gap(flat(traversing_roots={L: Root((9.0, 1.5), 4.0)})) == 0.0
    assert root_gap(flat(traversing_roots={L: Root((9.0, -1.0), 4.0)})) == 0.0


def test_a_root_pushed_back_on_one_side() -> None:
    pair = {L: Root((9.0, 6.5), 4.0), R: Root((-9.0, 4.0), 4.0)}
    assert root_displacement(flat(traversing_roots=pair)) == pytest.approx(2.5)
    other = {L: pair[R], R: pair[L]}
    assert root_displacement(flat(traversing_roots=other)) == 0.0


def test_what_is_missing_is_said() -> None:
    one = {L: Root((9.0, 6.5), 4.0)}
    with pytest.raises(NotMeasured, match="the facet is not outlined"):
        recess_depth(flat(facets={}))
    with pytest.raises(NotMeasured, match="the traversing root is not outlined outside of the sac"):
        root_gap(flat())
    with pytest.raises(NotMeasured, match="the other side's traversing root is not outlined"):
        root_displacement(flat(traversing_roots=one))


def test_the_drawn_slice() -> None:
    assert root_gap(outlines()) == pytest.approx(3.5 - 1.5 + 0.78, abs=0.05)
