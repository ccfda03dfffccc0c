"""The canal closes along the back of the disc, and opens again."""

from __future__ import annotations

import numpy as np
import pytest
from tests.morphometry.shapes import ellipse, shifted

from lumbargrade.morphometry.canal import (
    canal_area,
    canal_back,
    canal_depth,
    canal_outline,
    disc_back,
    free_canal_area,
)
from lumbargrade.morphometry.lines import area, close, distances
from lumbargrade.morphometry.outlines import Line, NotMeasured, Outlines

DISC = np.array([[-25.0, -40.0], [-25.0, 0.0], [25.0, 0.0], [25.0, -40.0]])
WALL = np.array([[-10.0, 0.0], [-10.0, 5.0], [0.0, 15.0], [10.0, 5.0], [10.0, 0.0]])


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("way", [1, -1])
def test_the_canal_of_a_square_disc(start: int, way: int) -> None:
    disc = np.roll(DISC, start, axis=0)[::way]
    np.testing.assert_allclose(disc_back(disc, WALL), [[-10, 0], [10, 0]], atol=1e-9)
    assert area(canal_outline(disc, WALL)) == pytest.approx(20 * 5 + 100)


def test_the_front_follows_the_disc() -> None:
    disc = ellipse((0.0, -18.0), (50.0, 36.0), points=360)
    front = disc_back(disc, WALL)
    assert distances(front, close(disc)).max() < 1e-9
    assert front[0, 0] < front[-1, 0]
    assert len(front) > 20


def test_the_back_wall_comes_back() -> None:
    closed = canal_outline(DISC, WALL)
    for line in (closed, closed[::-1], np.roll(closed, 3, axis=0)):
        found = canal_back(line, DISC)
        assert found[0, 0] < found[-1, 0]
        assert distances(found, WALL).max() < 0.3
        np.testing.assert_allclose(found[[0, -1]], WALL[[0, -1]], atol=1.1)
        assert area(canal_outline(DISC, found)) == pytest.approx(area(closed), rel=0.02)


def test_a_canal_apart_from_the_disc_is_all_wall() -> None:
    far = ellipse((0.0, 30.0), (20.0, 10.0))
    assert area(canal_back(far, DISC)) == pytest.approx(area(far), rel=0.02)


# --- area and depth ----------------------------------------------------------------------------


def canal(sac: Line | None = None) -> Outlines:
    return Outlines(disc=DISC, canal_back=WALL, sac=sac)


def test_a_canal_of_known_area_and_depth() -> None:
    assert canal_area(canal()) == pytest.approx(200.0)
    assert canal_depth(canal()) == pytest.approx(15.0)


def test_what_the_sac_leaves_free() -> None:
    sac = ellipse((0.0, 6.0), (10.0, 8.0))
    assert free_canal_area(canal(sac)) == pytest.approx(200 - 20 * np.pi, abs=1.0)


def test_a_sac_outside_of_the_canal_is_in_doubt() -> None:
    with pytest.raises(NotMeasured, match="the sac lies partly outside of the canal"):
        free_canal_area(canal(ellipse((8.0, 6.0), (10.0, 8.0))))


def test_a_wall_on_one_side_only() -> None:
    half = Outlines(disc=DISC, canal_back=shifted(WALL, 12.0, 0.0))
    for formula in (canal_area, canal_depth):
        with pytest.raises(NotMeasured, match="does not cross the midline"):
            formula(half)


def test_a_wall_without_an_apex() -> None:
    wide = Outlines(disc=DISC, canal_back=np.array([[-9.0, 3.0], [9.0, 3.0]]))
    with pytest.raises(NotMeasured, match="has no point near the midline"):
        canal_depth(wide)


def test_a_disc_behind_the_wall() -> None:
    with pytest.raises(NotMeasured, match="does not lie in front of the canal's back wall"):
        canal_depth(Outlines(disc=shifted(DISC, 0.0, 30.0), canal_back=WALL))
    with pytest.raises(NotMeasured, match="does not lie in front of the canal's back wall"):
        canal_depth(Outlines(disc=shifted(DISC, 60.0, 0.0), canal_back=WALL))
