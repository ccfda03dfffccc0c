import numpy as np
import pytest
from tests.morphometry.shapes import ellipse
from tests.phantom.bending.slates import grid, slate

from lumbargrade.morphometry.lines import area
from lumbargrade.phantom.bending.field import behind, nearest_change, way_back
from lumbargrade.phantom.bending.plan import Bend
from lumbargrade.phantom.bending.shape import move


def test_a_mask_has_the_area_of_its_line() -> None:
    line = ellipse((3.0, 2.0), (17.0, 11.0))
    assert grid().mask(line).sum() * grid().spacing_mm ** 2 == pytest.approx(area(line), rel=0.03)


def test_behind_a_line_ends_with_it() -> None:
    found = behind(grid(), np.array([[-5.0, 4.0], [5.0, 4.0]]))
    assert found[grid().y_mm > 4.5][:, np.abs(grid().x_mm) < 4].all()
    assert not found[grid().y_mm < 3.5].any()
    assert not found[:, np.abs(grid().x_mm) > 6].any()


def test_nothing_moves_without_a_bend() -> None:
    here = slate()
    assert np.abs(way_back(grid(), here, move(here, Bend()))).max() < 1e-9


def test_the_field_follows_the_margin_and_fades_to_the_wall() -> None:
    here = slate()
    field = way_back(grid(), here, move(here, Bend(height=4.0, half_width=(8.0, 8.0))))
    column = int(np.argmin(np.abs(grid().x_mm)))
    back = [field[int(np.argmin(np.abs(grid().y_mm - y))), column, 1] for y in (3.0, 8.0, 13.0)]
    assert back[0] == pytest.approx(-4.0, abs=0.6)
    assert back[0] < back[1] < back[2] < 0.1


def test_tissue_keeps_its_order() -> None:
    here = slate()
    field = way_back(grid(), here, move(here, Bend(height=7.0, half_width=(7.0, 7.0))))
    column = int(np.argmin(np.abs(grid().x_mm)))
    rows = (grid().y_mm > 7.5) & (grid().y_mm < 16.0)
    source = grid().y_mm[rows] + field[rows, column, 1]
    assert (np.diff(source) > -0.05).all()


def test_the_nearest_change_is_that_of_the_nearest_point() -> None:
    new = np.array([[0.0, 0.0], [10.0, 0.0]])
    old = np.array([[0.0, -1.0], [10.0, -3.0]])
    change, distance = nearest_change(np.array([[9.0, 0.0]]), new, old)
    np.testing.assert_allclose(change, [[0.0, -3.0]])
    assert distance[0] == pytest.approx(1.0)
