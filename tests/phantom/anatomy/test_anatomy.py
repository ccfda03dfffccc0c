"""One patient's anatomy: whole, repeatable, and built to the patient's measure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.phantom.anatomies import L4_L5, anatomy_with

from lumbargrade.phantom.anatomy.anatomy import build_anatomy
from lumbargrade.phantom.anatomy.priors import draw_patient


def test_the_same_seed_gives_the_same_anatomy() -> None:
    first, second = (anatomy_with.__wrapped__(3) for _ in range(2))
    assert first is not second
    assert first.build == second.build
    np.testing.assert_array_equal(first.canal.radius_mm, second.canal.radius_mm)
    np.testing.assert_array_equal(first.sac_roots.position, second.sac_roots.position)
    assert anatomy_with(4).build != first.build


def test_discs_follow_each_other_downward() -> None:
    anatomy = anatomy_with()
    heights = [anatomy.disc_zeta(index) for index in range(5)]
    assert heights[4] == 0.0  # zeta is counted from L5/S1
    assert (np.diff(heights) < -20).all()


def test_every_level_has_a_root_on_either_side() -> None:
    anatomy = anatomy_with()
    for index, (left, right) in enumerate(anatomy.paths):
        assert (left.u_mm > 0).all()
        np.testing.assert_allclose(right.u_mm, -left.u_mm)
        assert left.zeta_mm[0] == pytest.approx(anatomy.disc_zeta(index) - 50)


def test_one_sick_level_leaves_the_others_as_they_are() -> None:
    healthy, sick = anatomy_with(), anatomy_with(herniation_ratio=1.0)
    assert sick.canal.levels[:L4_L5] == healthy.canal.levels[:L4_L5]
    assert sick.canal.levels[L4_L5] != healthy.canal.levels[L4_L5]


def test_muscles_turn_to_fat_with_age() -> None:
    young = draw_patient(np.random.default_rng(8))
    fat = []
    for age in (30, 80):
        rng = np.random.default_rng(8)
        fat.append(build_anatomy(replace(young, age_years=age), rng).build.muscle_fat)
    assert fat[1] / fat[0] == pytest.approx((0.06 + 0.006 * 50) / 0.06)
