"""Views sample the middle of a frame, smaller and moved."""

from __future__ import annotations

import numpy as np

from lumbargrade.study.likeness.views import unit, views


def test_a_view_moves_along_a_ramp() -> None:
    ramp = np.broadcast_to(np.arange(40, dtype=np.float32), (1, 40, 40)) ** 2
    still, moved = views(ramp, 36, 1.0)[0, 0], views(ramp, 36, 1.0, (0.0, 1.0))[0]
    assert moved.shape == (4, 36 * 36)
    assert np.allclose(moved[0], still, atol=1e-5)
    assert np.abs(moved[1] - still).max() > 1e-4


def test_unit_vectors() -> None:
    found = unit(np.array([[1.0, 3.0], [2.0, 2.0]], dtype=np.float32))
    assert np.allclose(found, [[-(0.5**0.5), 0.5**0.5], [0, 0]])
