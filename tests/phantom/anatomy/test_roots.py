"""Roots: they stay in the sac, leave it level by level, and keep their area."""

from __future__ import annotations

import numpy as np
from tests.phantom.anatomies import L4_L5, anatomy_with

from lumbargrade.phantom.anatomy.roots import exited_level, root_path, sac_roots_at


def test_roots_stay_inside_the_sac() -> None:
    anatomy = anatomy_with(sac_area_mm2=85.0)
    zeta = anatomy.disc_zeta(L4_L5)
    point, radius = sac_roots_at(anatomy.sac_roots, anatomy.canal, zeta, L4_L5)
    center = float(anatomy.canal.along(anatomy.canal.center_v_mm, np.array([zeta]))[0])
    offset = point - [0.0, center]
    angle = np.arctan2(offset[:, 1], offset[:, 0])
    limit = anatomy.canal.sac_radius(angle, np.full(angle.shape, zeta))
    assert (np.hypot(offset[:, 0], offset[:, 1]) + radius - limit).max() < 0.35


def test_roots_leave_pair_by_pair() -> None:
    anatomy = anatomy_with()
    counts = []
    for index in range(5):
        zeta = anatomy.disc_zeta(index)
        level = exited_level(anatomy.spine, zeta)
        assert level == index
        counts.append(len(sac_roots_at(anatomy.sac_roots, anatomy.canal, zeta, level)[1]))
    assert counts == [36, 32, 28, 24, 20]


def test_a_squeezed_root_keeps_its_area() -> None:
    anatomy = anatomy_with(herniation_ratio=0.6, herniation_u_mm=9.0, recess_space_mm=(1.0, 3.5))
    path = root_path(anatomy.spine, anatomy.canal.levels[L4_L5], 0)
    at = int(np.abs(path.zeta_mm - anatomy.disc_zeta(L4_L5)).argmin())
    radius = anatomy.canal.levels[L4_L5].prior.root_radius_mm
    assert path.radius_v_mm[at] < radius
    assert path.radius_u_mm[at] * path.radius_v_mm[at] <= radius**2 * 1.01


def test_supine_roots_lie_at_the_back() -> None:
    anatomy = anatomy_with()
    zeta = anatomy.disc_zeta(2)
    point, _ = sac_roots_at(anatomy.sac_roots, anatomy.canal, zeta, 2)
    center = float(anatomy.canal.along(anatomy.canal.center_v_mm, np.array([zeta]))[0])
    assert point[:, 1].mean() > center
