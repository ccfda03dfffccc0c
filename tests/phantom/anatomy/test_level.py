"""One disc level: margins, walls and displacement, by the formulas worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.phantom.anatomies import HEALTHY, L4_L5

from lumbargrade.phantom.anatomy.level import DiscLevel, healthy_level
from lumbargrade.phantom.anatomy.priors import LevelPrior, PatientPrior, level_table

ZERO = np.zeros(1)


def level_with(**changes: object) -> DiscLevel:
    prior: LevelPrior = replace(HEALTHY, **changes)  # type: ignore[arg-type]
    patient = PatientPrior(45, "F", 1.0, 0.8, (prior,) * 5)
    return healthy_level(patient, L4_L5, np.random.default_rng(2))


def test_the_origin_lies_on_the_undisturbed_margin() -> None:
    level = level_with(bulge_mm=1.5)
    assert float(level.undisturbed_margin(ZERO)[0]) == pytest.approx(0.0, abs=1e-12)
    assert float(level.base_margin(ZERO)[0]) == pytest.approx(1.5)


@given(u=st.floats(0, 30), w=st.floats(-20, 20))
def test_a_level_without_a_side_is_symmetric(u: float, w: float) -> None:
    level = level_with(herniation_ratio=0.5)
    left, right, height = np.array([u]), np.array([-u]), np.array([w])
    assert level.ventral_wall(left, height) == pytest.approx(level.ventral_wall(right, height))
    assert level.back_wall(left, height) == pytest.approx(level.back_wall(right, height))


def test_a_herniation_reaches_its_share_of_the_way_to_the_facets() -> None:
    level = level_with(herniation_ratio=0.6)
    way = level.facet_line_v - float(level.base_margin(ZERO)[0])
    assert level.herniation_mm == pytest.approx(0.6 * way)
    assert float(level.displacement(ZERO, ZERO)[0]) == pytest.approx(0.6 * way)


def test_a_herniation_ends_at_its_half_width_and_half_height() -> None:
    level = level_with(herniation_ratio=0.6, herniation_u_mm=5.0, herniation_w_mm=-2.0)
    u = np.array([5.0 + 8.0, 5.0 - 8.0, 5.0, 5.0, 5.0])
    w = np.array([-2.0, -2.0, -2.0 + 9.0, -2.0 - 9.0, -2.0])
    shift = level.displacement(u, w)
    np.testing.assert_allclose(shift[:4], 0, atol=1e-12)
    assert float(shift[4]) == level.herniation_mm
    half = level.displacement(np.array([5.0 + 8.0 / np.sqrt(2)]), np.array([-2.0]))
    assert float(half[0]) == pytest.approx(level.herniation_mm / 4)  # (1 - 1/2) squared


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
    np.testing.assert_allclose(change, [2.6 * 2.0, 0.0], atol=1e-6)
    assert narrow.flavum_thickness - level.flavum_thickness == pytest.approx(1.9 * 2.0)


def test_the_recess_has_the_room_of_its_side() -> None:
    level = level_with(recess_space_mm=(1.0, 3.0), root_fat_mm=(0.5, 2.0))
    assert level.root_v(1) - level.root_v(0) == pytest.approx(1.5)
    for side, room in enumerate((1.0, 3.0)):
        behind = level.recess_wall(side) - level.root_v(side)
        assert behind == pytest.approx(level.prior.root_radius_mm + room)
    closed = replace(level, narrowing=3.4)
    assert closed.recess_wall(0) - closed.root_v(0) == pytest.approx(1.5 + 0.1)


def test_a_levels_sac_starts_as_an_ellipse_of_the_priors_area() -> None:
    level = level_with(sac_area_mm2=170.0)
    area = np.pi * level.sac_half_width * level.sac_half_depth
    assert area == pytest.approx(1.06 * 170.0)
    starved = level_with(sac_area_mm2=10.0)
    area = np.pi * starved.sac_half_width * starved.sac_half_depth
    assert area == pytest.approx(0.66 * level_table()["sac_area_mm2"][L4_L5])


def test_a_degenerate_disc_is_lower() -> None:
    heights = [level_with(degeneration=grade).disc_height for grade in (0.0, 4.0)]
    assert heights[1] / heights[0] == pytest.approx(0.72)
