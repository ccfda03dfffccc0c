"""The sac and its roots on the picture have the areas that they have in the geometry."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.phantom.anatomies import L4_L5, anatomy_with, marked, points_at

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.anatomy.canal import disc_plane_sac_area
from lumbargrade.phantom.imaging.paint_canal import paint_canal, tabulate_roots

STEP_MM = 0.2
U, V = np.meshgrid(np.arange(-24, 24, STEP_MM), np.arange(-10, 24, STEP_MM))
ANATOMY = anatomy_with()
ROOTS = tabulate_roots(ANATOMY)
DISC = ANATOMY.disc_zeta(L4_L5)
L5_S1 = 4
LOW_DISC = ANATOMY.disc_zeta(L5_S1)
"""Where the traversing root has left the sac: above, it lies in its corner."""


def painted(anatomy: Anatomy, zeta: float, *names: str) -> NDArray[np.floating]:
    canvas = np.zeros(U.shape, np.float32)
    roots = ROOTS if anatomy is ANATOMY else tabulate_roots(anatomy)
    paint_canal(canvas, anatomy, points_at(U, V, zeta), marked(*names), roots)
    return canvas


def area_mm2(picture: NDArray[np.floating]) -> float:
    return float(picture.sum()) * STEP_MM**2


def test_the_table_holds_the_roots_that_are_still_in_the_sac() -> None:
    row = int(np.abs(ANATOMY.canal.zeta_mm - DISC).argmin())
    present = ROOTS.center_mm[row, :, 0] < 900
    assert present.sum() == 24  # S1 and below, two roots a side and segment
    assert (ANATOMY.sac_roots.exits_below[present] > L4_L5).all()


def test_the_sac_has_its_area() -> None:
    flow = ANATOMY.build.csf_flow
    sac = painted(ANATOMY, LOW_DISC, "csf") / flow + painted(ANATOMY, LOW_DISC, "root")
    expected = disc_plane_sac_area(ANATOMY.canal.levels[L5_S1])
    assert area_mm2(sac) == pytest.approx(expected, rel=0.05)
    assert sac.max() == pytest.approx(1.0, abs=1e-4)


def test_the_roots_have_their_area() -> None:
    radius = ANATOMY.sac_roots.radius_mm[ANATOMY.sac_roots.exits_below > L5_S1]
    expected = float(np.sum(np.pi * radius**2))
    assert area_mm2(painted(ANATOMY, LOW_DISC, "root")) == pytest.approx(expected, rel=0.12)


def test_in_a_roomy_sac_there_is_csf_in_front() -> None:
    csf = painted(ANATOMY, DISC, "csf")
    middle = float(ANATOMY.canal.along(ANATOMY.canal.center_v_mm, np.array([DISC]))[0])
    assert csf[middle > V].sum() > 1.5 * csf[middle < V].sum()


def test_a_traversing_root_lies_on_either_side_of_the_sac() -> None:
    level = ANATOMY.canal.levels[L5_S1]
    root = painted(ANATOMY, LOW_DISC, "root_extradural")
    root[np.abs(U) > level.root_u + 4] = 0  # the root of the level above, in its foramen
    for sign in (1, -1):
        one = np.where(sign * U > 0, root, 0)
        assert float(np.average(U, weights=one)) == pytest.approx(sign * level.root_u, abs=1.0)
    expected = 2 * np.pi * level.prior.root_radius_mm**2
    assert area_mm2(root) == pytest.approx(expected, rel=0.25)


def test_above_s1_a_pair_of_roots_lies_in_each_corner_of_the_sac() -> None:
    level = ANATOMY.canal.levels[L4_L5]
    root, csf = painted(ANATOMY, DISC, "root"), painted(ANATOMY, DISC, "csf")
    for side, sign in enumerate((1, -1)):
        near = np.hypot(U - sign * level.root_u, V - level.root_v(side))
        assert root[near < level.prior.root_radius_mm].max() > 0.7
        assert csf[near < level.prior.root_radius_mm].max() > 0.7


def test_points_far_from_the_canal_are_left_alone() -> None:
    canvas = np.full((3,), 5.0, np.float32)
    points = points_at(np.array([60.0, 80.0, -70.0]), np.array([40.0, 50.0, 45.0]), DISC)
    paint_canal(canvas, ANATOMY, points, marked("csf", "root"), ROOTS)
    assert list(canvas) == [5.0, 5.0, 5.0]
