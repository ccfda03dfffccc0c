"""The posterior elements, seen one tissue at a time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.phantom.anatomies import L4_L5, anatomy_with, marked, points_at

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.paint_posterior import joint_arc, paint_posterior
from lumbargrade.phantom.imaging.paint_spine import paint_column

STEP_MM = 0.25
U, V = np.meshgrid(np.arange(-34, 34, STEP_MM), np.arange(-45, 45, STEP_MM))
ANATOMY = anatomy_with()
DISC = ANATOMY.disc_zeta(L4_L5)


def posterior(anatomy: Anatomy, zeta: float, *names: str) -> NDArray[np.floating]:
    canvas = np.zeros(U.shape, np.float32)
    points = points_at(U, V, zeta)
    behind = paint_column(np.zeros_like(canvas), anatomy, points, marked())
    paint_posterior(canvas, anatomy, points, behind, marked(*names))
    return canvas


def test_the_flavum_is_as_thick_as_its_level_says() -> None:
    for area in (170.0, 90.0):
        anatomy = anatomy_with(sac_area_mm2=area)
        zeta = anatomy.disc_zeta(L4_L5) - 1.0  # the ligament is thickest a millimetre below
        flavum = posterior(anatomy, zeta, "flavum")
        across = flavum[:, np.abs(U[0] - 5).argmin()]
        level = anatomy.canal.levels[L4_L5]
        thickness = float(across.sum()) * STEP_MM
        assert thickness == pytest.approx(level.flavum_thickness, abs=0.5)


def test_facet_joints_lie_on_both_sides_behind_the_intra_facet_line() -> None:
    fluid = posterior(ANATOMY, DISC, "joint_fluid")
    level = ANATOMY.canal.levels[L4_L5]
    for sign in (1, -1):
        one = np.where(sign * U > 0, fluid, 0)
        assert sign * float(np.average(U, weights=one)) > level.facet_half_line
        assert float(np.average(V, weights=one)) > level.facet_line_v


@pytest.mark.parametrize("side", [0, 1])
def test_a_joint_is_an_arc_through_its_ends_bent_forwards(side: int) -> None:
    level, sign = ANATOMY.canal.levels[L4_L5], 1 - 2 * side
    arc = joint_arc(level, side)
    for end in level.shape.joint(side):
        away = np.hypot(sign * end[0] - arc.center[0], end[1] - arc.center[1])
        assert away == pytest.approx(arc.radius)
    assert arc.center[1] > level.shape.joint(side)[:, 1].mean()  # behind its straight line


def test_epidural_fat_fills_the_canal_before_the_sac_is_painted() -> None:
    fat = posterior(ANATOMY, DISC, "fat")
    level = ANATOMY.canal.levels[L4_L5]
    front = float(level.ventral_wall(np.zeros(1), np.zeros(1))[0])
    back = float(level.back_wall(np.zeros(1), np.zeros(1))[0])
    inside = (np.abs(U) < 0.6) & (front + 0.6 < V) & (back - 2.0 > V)
    assert fat[inside].min() > 0.95
    assert fat[(np.abs(U) < 1) & (front - 1 > V)].max() == 0


def test_pedicles_stand_below_the_disc_only() -> None:
    level = ANATOMY.canal.levels[L4_L5]
    at = np.hypot(U - level.canal_width / 2 - 4.8, V - 4) < 2
    assert posterior(ANATOMY, DISC - 15.5, "marrow")[at].mean() > 0.5
    assert posterior(ANATOMY, DISC + 11.0, "marrow")[at].mean() < 0.1
