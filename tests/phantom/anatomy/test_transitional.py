"""A sacralised L5."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.phantom.anatomy.anatomy import Anatomy, build_anatomy
from lumbargrade.phantom.anatomy.priors import draw_patient
from lumbargrade.phantom.anatomy.spine import LOWEST_DISC_PLANE
from lumbargrade.phantom.anatomy.transitional import DEPTH_SHARE, HEIGHT_MM, TURNED_DEG


def anatomy(sacralised: bool, seed: int = 3) -> Anatomy:
    rng = np.random.default_rng(seed)
    return build_anatomy(draw_patient(rng), rng, sacralised)


@pytest.mark.parametrize("seed", range(4))
def test_the_lowest_disc_is_rudimentary_and_the_others_are_as_they_were(seed: int) -> None:
    usual, sacral = anatomy(False, seed).canal.levels, anatomy(True, seed).canal.levels
    share = sacral[4].disc_depth / usual[4].disc_depth
    assert DEPTH_SHARE[0] <= share <= DEPTH_SHARE[1]
    assert HEIGHT_MM[0] <= sacral[4].disc_height <= HEIGHT_MM[1]
    assert sacral[4].herniation_mm == 0.0
    for one, other in zip(usual[:4], sacral[:4], strict=True):
        assert (one.disc_depth, one.disc_height) == (other.disc_depth, other.disc_height)


def test_the_angle_of_spine_and_sacrum_lies_above_l5() -> None:
    usual, sacral = anatomy(False).spine, anatomy(True).spine
    turned = np.rad2deg(sacral.tilts_rad - usual.tilts_rad)
    assert turned[LOWEST_DISC_PLANE : LOWEST_DISC_PLANE + 2] == pytest.approx(TURNED_DEG)
    assert np.delete(turned, [LOWEST_DISC_PLANE, LOWEST_DISC_PLANE + 1]) == pytest.approx(0.0)
    assert sacral.zeta_mm == pytest.approx(usual.zeta_mm)
    assert sacral.origins_mm[LOWEST_DISC_PLANE, 1:] == pytest.approx(0.0)
    steps = np.linalg.norm(np.diff(sacral.origins_mm[:, 1:], axis=0), axis=1)
    assert steps == pytest.approx(np.diff(usual.zeta_mm), rel=1e-6)
