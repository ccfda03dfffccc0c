import numpy as np
import pytest
from tests.phantom.bending.slates import DISC, PIXELS, SAC, SPACING_MM, grid, material, picture

from lumbargrade.phantom.bending.bend import bend_slice
from lumbargrade.phantom.bending.plan import Bend


def at(image: np.ndarray, x: float, y: float) -> float:
    middle = (PIXELS - 1) / 2
    return float(image[round(y / SPACING_MM + middle), round(x / SPACING_MM + middle)])


def test_the_opened_place_is_disc() -> None:
    bent = bend_slice(material(), Bend(height=6.0, half_width=(7.0, 7.0), shoulder=4.0))
    assert at(picture(), 0.0, 2.5) == pytest.approx(SAC)
    assert at(bent.picture, 0.0, 2.5) == pytest.approx(DISC, abs=0.12)


def test_what_lies_far_away_is_not_touched() -> None:
    bent = bend_slice(material(), Bend(height=6.0, narrowing=(2.0, 2.0)))
    outside = np.ones((PIXELS, PIXELS), dtype=bool)
    outside[grid().window] = False
    np.testing.assert_array_equal(bent.picture[outside], picture()[outside])
    assert at(bent.picture, 20.0, -20.0) == pytest.approx(at(picture(), 20.0, -20.0), abs=0.02)


def test_a_bend_of_nothing_leaves_the_picture() -> None:
    bent = bend_slice(material(), Bend())
    assert np.abs(bent.picture - picture()).mean() < 0.01


def test_no_bright_film_of_fat_over_a_dome() -> None:
    bent = bend_slice(material(), Bend(height=9.0, half_width=(8.0, 8.0), shoulder=4.0))
    column = [at(bent.picture, 0.0, y) for y in np.arange(5.0, 11.0, SPACING_MM)]
    assert max(column) < 0.95
