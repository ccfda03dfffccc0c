"""One disc level: margins, walls and displacement, by the formulas worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.phantom.anatomies import HEALTHY, L4_L5

from lumbargrade.phantom.anatomy.level import DiscLevel, healthy_level
from lumbargrade.phantom.anatomy.priors import LevelPrior, PatientPrior

ZERO = np.zeros(1)


def level_with(**changes: object) -> DiscLevel:
    prior: LevelPrior = replace(HEALTHY, **changes)  # type: ignore[arg-type]
    patient = PatientPrior(45, "F", 1.0, 0.8, (prior,) * 5)
    return healthy_level(patient, L4_L5, np.random.default_rng(2))


def test_the_origin_lies_on_the_undisturbed_margin() -> None:
    level = level_with(bulge_mm=1.5)
    assert float(level.undisturbed_margin(ZERO)[0]) == pytest.approx(0.0, abs=1e-12)
    assert float(level.base_margin(ZERO)[0]) == pytest.approx(1.5)


def test_no_two_sides_are_alike_and_neither_is_the_rule() -> None:
    patient = PatientPrior(45, "F", 1.0, 0.8, (HEALTHY,) * 5)
    at, rng = np.array([6.0, -6.0]), np.random.default_rng(3)
    sides = [healthy_level(patient, L4_L5, rng).back_wall(at, np.zeros(2)) for _ in range(60)]
    difference = np.array([left - right for left, right in sides])
    assert 0.4 < np.abs(difference).mean() < 2.5
    assert abs(float(difference.mean())) < 0.6


def test_a_herniation_reaches_its_share_of_the_way_to_the_facets() -> None:
    level = level_with(herniation_ratio=0.6)
    way = level.line_distance(0.0)
    assert way == pytest.approx(level.facet_line_v - float(level.base_margin(ZERO)[0]))
    assert level.herniation_mm == pytest.approx(0.6 * way)
    assert float(level.displacement(ZERO, ZERO)[0]) == pytest.approx(0.6 * way)


def test_a_herniation_ends_at_its_half_width_and_half_height() -> None:
    level = level_with(herniation_ratio=0.6, herniation_u_mm=5.0, herniation_w_mm=-2.0)
    # it falls off more slowly towards the midline
    u = np.array([5.0 + 0.8 * 8.0, 5.0 - 1.2 * 8.0, 5.0, 5.0, 5.0])
    w = np.array([-2.0, -2.0, -2.0 + 9.0, -2.0 - 9.0, -2.0])
    shift = level.displacement(u, w)
    np.testing.assert_allclose(shift[:4], 0, atol=1e-12)
    assert float(shift[4]) == level.herniation_mm
    # steep: it is larger than 0.55 of the way; (1 - (1/sqrt 2) ** 4) squared
    half = level.displacement(np.array([5.0 + 6.4 / np.sqrt(2)]), np.array([-2.0]))
    assert float(half[0]) == pytest.approx(level.herniation_mm * 0.75**2)


def test_a_large_herniation_at_the_side_moves_to_where_it_has_room() -> None:
    small, large = (
        level_with(herniation_ratio=ratio, herniation_u_mm=11.0).prior.herniation_u_mm
        for ratio in (0.1, 1.2)
    )
    assert small > large >= 2.0
    level = level_with(herniation_ratio=1.2, herniation_u_mm=11.0)
    top = level.base_margin(np.array([large])) + level.herniation_mm
    assert float(top[0]) < float(level.shape.wall(np.array([large]))[0]) or large < 2.5


def test_the_front_wall_is_disc_in_its_plane_and_bone_away_from_it() -> None:
    level = level_with(bulge_mm=2.0, herniation_ratio=0.0)
    at, away = level.ventral_wall(np.zeros(2), np.array([0.0, 20.0]))
    assert at == pytest.approx(2.0, abs=0.02)
    assert away == pytest.approx(-0.8, abs=1e-6)


def test_a_stenosis_thickens_the_back_wall_at_the_disc_only() -> None:
    level = level_with()
    narrow = replace(level, narrowing=2.0)
    change = level.back_wall(np.zeros(2), np.array([0.0, 40.0])) - narrow.back_wall(
        np.zeros(2), np.array([0.0, 40.0])
    )
    np.testing.assert_allclose(change, [0.21 * 2.0 * level.canal_depth, 0.0], atol=1e-6)
    assert narrow.flavum_thickness - level.flavum_thickness == pytest.approx(1.9 * 2.0)


def test_the_recess_has_the_room_of_its_side() -> None:
    level = level_with(recess_space_mm=(1.0, 3.0), root_fat_mm=(0.5, 2.0))
    left, right = level.undisturbed_margin(np.array([level.root_u, -level.root_u]))
    assert level.root_v(1) - level.root_v(0) == pytest.approx(1.5 + right - left)
    for side, room in enumerate((1.0, 3.0)):
        behind = level.recess_wall(side) - level.root_v(side)
        assert behind == pytest.approx(level.prior.root_radius_mm + room)
    closed = replace(level, narrowing=3.4)
    assert closed.recess_wall(0) - closed.root_v(0) == pytest.approx(1.5 + 0.1)


def test_a_levels_sac_starts_at_the_priors_area() -> None:
    roomy, starved = level_with(sac_area_mm2=200.0), level_with(sac_area_mm2=10.0)
    area = roomy.shape.sac_area * roomy.sac_scale**2
    assert area == pytest.approx(1.06 * 200.0)
    assert starved.sac_scale == pytest.approx(np.sqrt(0.9))  # a healthy sac in a narrow canal


def test_a_degenerate_disc_is_lower() -> None:
    heights = [level_with(degeneration=grade).disc_height for grade in (0.0, 4.0)]
    assert heights[1] / heights[0] == pytest.approx(0.72)
