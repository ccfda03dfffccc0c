"""Vertebrae, discs and the posterior elements, seen one tissue at a time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.phantom.anatomies import L4_L5, anatomy_with, marked, points_at

from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.imaging.paint_spine import paint_column

STEP_MM = 0.25
U, V = np.meshgrid(np.arange(-34, 34, STEP_MM), np.arange(-45, 45, STEP_MM))
ANATOMY = anatomy_with()
DISC = ANATOMY.disc_zeta(L4_L5)
MID_VERTEBRA = (DISC + ANATOMY.disc_zeta(L4_L5 - 1)) / 2


def column(anatomy: Anatomy, zeta: float, *names: str) -> NDArray[np.floating]:
    canvas = np.zeros(U.shape, np.float32)
    paint_column(canvas, anatomy, points_at(U, V, zeta), marked(*names))
    return canvas


def test_it_says_how_far_a_point_lies_behind_the_column() -> None:
    canal, points = ANATOMY.canal, points_at(U, V, DISC)
    behind = paint_column(np.zeros(U.shape, np.float32), ANATOMY, points, marked())
    level = canal.levels[L4_L5]
    wall = level.ventral_wall(np.zeros(1), np.zeros(1))[0]
    middle = np.abs(U[0]).argmin()
    zero = float(V[np.abs(behind[:, middle]).argmin(), middle])
    assert zero == pytest.approx(float(wall), abs=0.3)


def test_disc_in_its_plane_and_marrow_between_the_discs() -> None:
    level = ANATOMY.canal.levels[L4_L5]
    centre = np.hypot(U, V + level.disc_depth / 2) < 5
    nucleus = ("nucleus_1", "nucleus_2")  # a degeneration of 0.5 lies between the two
    assert column(ANATOMY, DISC, *nucleus)[centre].mean() > 0.9
    assert column(ANATOMY, DISC, "marrow")[centre].max() < 0.1
    assert column(ANATOMY, MID_VERTEBRA, *nucleus)[centre].max() == 0
    assert column(ANATOMY, MID_VERTEBRA, "marrow")[centre].mean() > 0.85


def test_a_disc_has_its_width() -> None:
    level = ANATOMY.canal.levels[L4_L5]
    shown = column(ANATOMY, DISC, *(f"annulus_{n}" for n in (1, 3, 4)), "nucleus_1", "nucleus_2")
    row = np.abs(V[:, 0] + level.disc_depth / 2).argmin()
    width = (shown[row] > 0.5).sum() * STEP_MM
    # the cortex of bone is painted a millimetre wide on either side
    assert width == pytest.approx(level.disc_width, abs=2.5)


def test_herniated_material_lies_on_its_side() -> None:
    assert column(ANATOMY, DISC, "extrusion").max() < 0.02
    for sign in (1, -1):
        sick = anatomy_with(herniation_ratio=0.9, herniation_u_mm=7.0 * sign)
        fresh = column(sick, sick.disc_zeta(L4_L5), "extrusion")
        assert fresh[V > -2].max() > 0.3
        assert float(np.average(U, weights=fresh)) == pytest.approx(7.0 * sign, abs=1.5)
