"""Shapes drawn from the table lie where people's do, and no two sides are alike."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.phantom.anatomy.shapes import LevelShape, draw_shape


def shapes(index: int, count: int = 60) -> list[LevelShape]:
    rng = np.random.default_rng(index)
    return [draw_shape(index, 1.0, rng) for _ in range(count)]


@pytest.mark.parametrize(("index", "depth", "line"), [(2, 19, 8.6), (3, 18, 7.9), (4, 16.5, 6.7)])
def test_depth_and_intra_facet_line_are_those_of_people(
    index: int, depth: float, line: float
) -> None:
    """Against tracings by eye of slices without clinical significance (medians by level)."""
    drawn = shapes(index)
    assert np.median([one.apex for one in drawn]) == pytest.approx(depth, abs=2.5)
    distance = [float(one.facet_line(np.zeros(1))[0]) for one in drawn]
    assert np.median(distance) == pytest.approx(line, abs=1.2)
    low, high = np.percentile(distance, [10, 90])
    assert 2.0 < high - low < 6.0


def test_the_canal_is_a_steep_v() -> None:
    """Half-angle of the wall between 2 and 7 mm from the midline: 31 to 52 degrees in tracings."""
    rise = np.array([one.wall(np.array([2.0, 7.0, -2.0, -7.0])) for one in shapes(3)])
    steep = (rise[:, 0] - rise[:, 1] + rise[:, 2] - rise[:, 3]) / 2
    assert 31 < np.degrees(np.arctan2(5.0, np.median(steep))) < 52


def test_the_wall_closes_beside_the_joints() -> None:
    for one in shapes(4):
        u = np.array([one.joint(0)[0, 0] + 5, one.joint(1)[0, 0] - 5])
        assert (one.wall(u) - one.margin(u)).max() < 7.0


def test_the_origin_lies_on_the_margin_and_upper_levels_are_narrower() -> None:
    upper, measured = shapes(0), shapes(2)
    for one in upper:
        assert float(one.margin(np.zeros(1))[0]) == pytest.approx(0.0, abs=1e-9)
    width = [np.mean([one.joint(0)[0, 0] for one in group]) for group in (upper, measured)]
    assert width[0] < 0.95 * width[1]


def test_a_sac_is_round_its_middle() -> None:
    one = shapes(3, 1)[0]
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    area = float(np.pi * np.mean(one.sac_radius(angles) ** 2))
    assert one.sac_area == pytest.approx(area, rel=0.01)
    assert one.sac_radius(angles + 2 * np.pi) == pytest.approx(one.sac_radius(angles))
