"""Tables of the canal: the sac fits between its walls and has the area asked for."""

from __future__ import annotations

import numpy as np
import pytest
from tests.phantom.anatomies import L4_L5, anatomy_with

from lumbargrade.phantom.anatomy.canal import disc_plane_sac_area, interpolate_table


@pytest.mark.parametrize("area", [75.0, 90.0, 120.0])
def test_the_sac_is_narrowed_to_its_area(area: float) -> None:
    level = anatomy_with(sac_area_mm2=area).canal.levels[L4_L5]
    assert disc_plane_sac_area(level) == pytest.approx(area, rel=0.03)


def test_the_sac_stays_between_disc_and_flavum() -> None:
    anatomy = anatomy_with(herniation_ratio=0.8, sac_area_mm2=80.0)
    canal = anatomy.canal
    zeta = np.full(64, anatomy.disc_zeta(L4_L5))
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    radius = canal.sac_radius(angle, zeta)
    u = radius * np.cos(angle)
    v = radius * np.sin(angle) + float(canal.along(canal.center_v_mm, zeta[:1])[0])
    assert (v - canal.wall(canal.ventral_mm, u, zeta)).min() > -0.8
    assert (canal.wall(canal.back_mm, u, zeta) - v).min() > -0.8


def test_look_up_is_bilinear_and_wraps() -> None:
    table = np.array([[0.0, 1.0, 2.0], [10.0, 11.0, 12.0]])
    at = interpolate_table(table, np.array([0.5]), np.array([0.25]))
    assert at[0] == pytest.approx(5.25)
    wrapped = interpolate_table(table, np.array([0.0]), np.array([2.5]), wrap=True)
    assert wrapped[0] == pytest.approx(1.0)
