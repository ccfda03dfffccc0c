"""The row of numbers that a slice's outlines become."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.real.shapes.vector import PARTS, SAC_ANGLES, _lowest, _radii
from lumbargrade.inference.bundle_json import OUTLINE_PATCH


def test_the_hindmost_pixel_under_an_x_is_found_in_mm() -> None:
    mask = np.zeros((OUTLINE_PATCH.pixels, OUTLINE_PATCH.pixels), dtype=np.bool_)
    mask[:74, 60:] = True  # ends ten pixels behind the middle
    behind, nothing = _lowest(mask, np.array([1.0, -20.0]))
    assert behind == pytest.approx(10 * OUTLINE_PATCH.size_mm / OUTLINE_PATCH.pixels)
    assert np.isnan(nothing)


def test_a_round_sac_has_one_radius() -> None:
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    sac = np.stack([7 * np.cos(turn), 5 + 7 * np.sin(turn)], axis=1)
    radius = _radii(sac, np.array([0.0, 5.0]))
    assert len(radius) == len(SAC_ANGLES) == PARTS["sac"]
    assert radius == pytest.approx(7.0, abs=0.02)
