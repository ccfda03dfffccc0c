from dataclasses import replace

import numpy as np
import pytest
from tests.morphometry.shapes import outlines
from tests.phantom.bending.slates import slate

from lumbargrade.morphometry.lines import spans
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.phantom.bending.plan import Bend
from lumbargrade.phantom.bending.shape import LEAST_ROOM_MM, move, slate_of


def back(line: np.ndarray, x: float) -> float:
    return float(spans(line, np.array([x]), axis=0)[1][0])


def test_the_apex_rises_by_the_height_and_lies_on_its_side() -> None:
    moved = move(slate(), Bend(height=4.0, apex=5.0, half_width=(4.0, 4.0)))
    x = np.linspace(-15, 15, 121)
    rise = spans(moved.disc, x, axis=0)[1] - spans(slate().disc, x, axis=0)[1]
    assert rise.max() == pytest.approx(4.0, abs=0.4)
    assert x[rise.argmax()] == pytest.approx(5.0, abs=1.0)
    assert back(moved.disc, -8.0) == pytest.approx(back(slate().disc, -8.0), abs=0.1)


def test_a_bulge_moves_both_sides() -> None:
    moved = move(slate(), Bend(bulge=2.0))
    for x in (-8.0, 0.0, 8.0):
        assert back(moved.disc, x) - back(slate().disc, x) == pytest.approx(2.0, abs=0.3)
    np.testing.assert_array_equal(moved.base, moved.disc)


def test_the_front_of_the_disc_stays() -> None:
    moved = move(slate(), Bend(height=6.0, bulge=3.0, unevenness=0.5))
    assert moved.disc[:, 1].min() == pytest.approx(slate().disc[:, 1].min(), abs=0.05)


def test_the_disc_never_touches_the_wall() -> None:
    here = slate()
    moved = move(here, Bend(height=13.0, half_width=(10.0, 10.0), shoulder=5.0, bulge=4.0))
    room = here.back(moved.disc[:, 0]) - moved.disc[:, 1]
    still = np.hypot(*(moved.disc - here.disc).T) < 1e-6
    assert room[~still].min() >= LEAST_ROOM_MM - 0.01


def test_an_extrusion_is_wider_than_its_neck() -> None:
    plain = Bend(height=8.0, half_width=(3.0, 3.0), shoulder=2.0)
    top = [move(slate(), one).disc for one in (plain, replace(plain, balloon=0.6))]
    level = back(slate().disc, 0.0) + 4.0
    widths = [np.ptp(line[np.abs(line[:, 1] - level) < 1.0, 0]) for line in top]
    assert widths[1] > widths[0] + 1.0


def test_a_narrowing_brings_the_wall_forward_and_keeps_its_ends() -> None:
    here = slate()
    moved = move(here, Bend(narrowing=(2.0, 0.0)))
    forward = here.wall[:, 1] - moved.wall[:, 1]
    assert forward[here.wall[:, 0] < -4.0].max() > 1.0
    assert forward[here.wall[:, 0] > 4.0].max() == 0.0
    assert forward[[0, -1]].max() < 0.1


def test_what_is_not_drawn_is_not_bent() -> None:
    assert slate_of(Outlines()) is None
    assert slate_of(replace(outlines(), sac=None)) is None
    assert slate_of(replace(outlines(), facets={})) is None


def test_outlines_that_no_disc_without_findings_has_are_left_out() -> None:
    lines = outlines()
    assert lines.disc is not None
    assert slate_of(replace(lines, disc=lines.disc * [0.3, 1.0])) is None  # too narrow
    assert (
        slate_of(replace(lines, disc=lines.disc + np.array([0.0, 16.0]))) is None
    )  # up to the wall
    assert (
        slate_of(replace(lines, disc=lines.disc + np.array([40.0, 0.0]))) is None
    )  # beside the midline
