import numpy as np
from tests.morphometry.shapes import ellipse
from tests.phantom.bending.slates import grid, material

from lumbargrade.phantom.bending.bend import bend_slice
from lumbargrade.phantom.bending.plan import Bend
from lumbargrade.phantom.bending.sac import fill_sac


def filled(width: float, depth: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, object]:
    window = np.full((len(grid().y_mm), len(grid().x_mm)), 0.4)
    sac = grid().mask(ellipse((0.0, 6.0), (width, depth)))
    made = fill_sac(window, sac, grid(), 3, np.random.default_rng(seed))
    assert made is not None
    return made[0], sac, made[1]


def test_a_narrower_sac_is_graded_higher() -> None:
    wide = [filled(20.0, 15.0, seed)[2] for seed in range(5)]
    narrow = [filled(8.0, 6.0, seed)[2] for seed in range(5)]
    assert np.mean([one.lccs for one in wide]) < 0.5  # type: ignore[attr-defined]
    assert np.mean([one.lccs for one in narrow]) > 2.0  # type: ignore[attr-defined]


def test_csf_is_bright_and_the_roots_are_dark_in_it() -> None:
    window, sac, _ = filled(18.0, 13.0)
    inner = window[sac > 0.99]
    assert np.quantile(inner, 0.9) > 0.9
    assert np.quantile(inner, 0.05) < 0.75
    np.testing.assert_allclose(window[sac == 0][:50], 0.4)


def test_no_sac_no_grade() -> None:
    window = np.zeros((len(grid().y_mm), len(grid().x_mm)))
    assert fill_sac(window, window, grid(), 3, np.random.default_rng(0)) is None


def test_only_a_painted_sac_has_a_grade_of_stenosis() -> None:
    assert bend_slice(material(), Bend()).truth.grades["LCCS"] is None
    assert bend_slice(material(), Bend(), level=3).truth.grades["LCCS"] is not None
