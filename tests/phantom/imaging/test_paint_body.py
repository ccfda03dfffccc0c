"""The body around the spine: what lies where, and on which side."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.phantom.anatomies import anatomy_with, marked, points_at

from lumbargrade.phantom.imaging.paint_body import caudal_share, muscle_v, paint_body, skin_v

ANATOMY = anatomy_with()
L1_L2, L5_S1 = ANATOMY.disc_zeta(0), ANATOMY.disc_zeta(4)
U, V = np.meshgrid(np.arange(-170.0, 171.0, 2.0), np.arange(-150.0, 121.0, 2.0))


def painted(zeta: float, *names: str) -> NDArray[np.floating]:
    return paint_body(ANATOMY, points_at(U, V, zeta), marked(*names))


def at_caudal(share: float) -> float:
    return L1_L2 - share * (L1_L2 - L5_S1)


def test_the_caudal_share_runs_from_l1_to_s1() -> None:
    zeta = np.array([L1_L2, (L1_L2 + L5_S1) / 2, L5_S1, L1_L2 + 500, L5_S1 - 500])
    share = caudal_share(ANATOMY, points_at(np.zeros(5), np.zeros(5), zeta))
    np.testing.assert_allclose(share, [0, 0.5, 1, -0.3, 1.4], atol=1e-5)


def test_the_back_is_arched_with_a_groove() -> None:
    points = points_at(np.array([0.0, 120.0, -120.0]), np.zeros(3), 0.0)
    muscle = 58 * ANATOMY.patient.size * ANATOMY.build.muscle_scale
    highest = muscle + ANATOMY.build.dorsal_fat_mm
    np.testing.assert_allclose(
        skin_v(ANATOMY, points), [highest - 3.5, highest - 22, highest - 22], rtol=1e-5
    )
    fascia = muscle_v(ANATOMY, points_at(np.array([0.0, 78.0, -39.0]), np.zeros(3), 0.0))
    np.testing.assert_allclose(fascia, [muscle, muscle - 24, muscle - 6], rtol=1e-5)


def test_subcutaneous_fat_lies_between_fascia_and_skin() -> None:
    points = points_at(U, V, L1_L2)
    fat = painted(L1_L2, "fat")
    between = (muscle_v(ANATOMY, points) + 2 < V) & (skin_v(ANATOMY, points) - 1 > V)
    between &= np.abs(U) < 60
    assert np.median(fat[between]) > 0.9
    assert fat[between].min() > 0.55  # septa run through it
    assert fat[skin_v(ANATOMY, points) + 1 < V].max() == 0


def test_the_vena_cava_lies_on_the_right_and_the_aorta_is_black() -> None:
    cava = painted(L1_L2, "blood_slow")
    # in front of the spine, the aorta on the left (u > 0) has no signal of its own
    assert float(np.average(U, weights=cava)) == pytest.approx(-13, abs=1.5)
    everything = paint_body(ANATOMY, points_at(U, V, L1_L2), dict.fromkeys(marked(), 1.0))
    front = -48 * ANATOMY.patient.size
    aorta = np.hypot(U - 9, (V - front) * 1.15) < 7
    assert everything[aorta].max() < 0.03


def test_the_right_kidney_hangs_lower() -> None:
    shares = np.linspace(-0.3, 0.9, 25)
    left, right = [], []
    for share in shares:
        kidney = painted(at_caudal(float(share)), "kidney")
        left.append(float(kidney[U > 0].sum()))
        right.append(float(kidney[U < 0].sum()))
    lowest_left, lowest_right = (
        shares[np.flatnonzero(np.array(side) > 0.02 * max(side))[-1]] for side in (left, right)
    )
    assert lowest_right - lowest_left == pytest.approx(0.1, abs=0.051)


def test_there_is_no_pelvis_above_l4() -> None:
    assert painted(at_caudal(0.5), "marrow").max() < 0.1
    pelvis = painted(at_caudal(1.2), "marrow")
    assert pelvis[np.abs(U) > 60].max() > 0.8
    pelvis[np.abs(U) < 60] = 0  # vessels, which differ between the sides, lie in the middle
    np.testing.assert_allclose(pelvis, pelvis[:, ::-1], atol=1e-5)


def test_the_psoas_grows_downward() -> None:
    in_front = (V < -8) & (V > -60) & (np.abs(U) < 75)
    area = [float(painted(at_caudal(share), "muscle")[in_front].sum()) for share in (0.1, 0.6)]
    assert area[1] > 1.3 * area[0]
