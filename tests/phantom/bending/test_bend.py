from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.phantom.bending.slates import PIXELS, material

from lumbargrade.cohort.read import read_cohort
from lumbargrade.phantom.bending.bend import bend_at_random, bend_slice, bendable
from lumbargrade.phantom.bending.plan import Bend


def test_the_same_bend_gives_the_same_picture() -> None:
    bend = Bend(height=5.0, apex=4.0, bulge=1.0, narrowing=(1.0, 2.0), unevenness=0.3, seed=5)
    one, two = (bend_slice(material(), bend, level=4) for _ in range(2))
    np.testing.assert_array_equal(one.picture, two.picture)
    assert one.truth == two.truth


def test_random_bends_are_whole() -> None:
    rng, made = np.random.default_rng(1), material()
    before = made.picture.copy()
    for _ in range(25):
        bent = bend_at_random(made, rng, level=3)
        assert bent.picture.shape == (PIXELS, PIXELS)
        assert np.isfinite(bent.picture).all()
        assert all(np.isfinite(value) for value in bent.truth.measures.values())
    np.testing.assert_array_equal(made.picture, before)  # the material is not used up


def test_only_a_slice_of_which_something_is_known_has_no_finding(simulated_cohort: Path) -> None:
    one = read_cohort(simulated_cohort).slices[0]
    assert bendable(replace(one, grades={"LDH": 0, "LCCS": None}, disc_in_plane=True))
    assert not bendable(replace(one, grades={"LDH": None}, disc_in_plane=True))
    assert not bendable(replace(one, grades={"LDH": 0, "LCCS": 1}, disc_in_plane=True))
    assert not bendable(replace(one, grades={"LCCS": 0}, disc_in_plane=False))
