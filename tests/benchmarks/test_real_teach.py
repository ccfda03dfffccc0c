"""Which drafts the outline network is trained on, and that further tracings can be read."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.real.drawing.draw import Masks
from benchmarks.real.drawing.slices import RealSlice
from benchmarks.real.halves import Half, half_of
from benchmarks.real.teach import MORE, sure_drafts
from lumbargrade.grading.finding import Plane
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.training.outlines.data import is_set_aside


def masks(sure: float, planes: tuple[float, float, float]) -> Masks:
    """One slice whose disc, canal and sac are drawn with so much certainty."""
    axis = (np.arange(128) + 0.5 - 64) * 84 / 128
    x, y = axis[None, :], axis[:, None]
    layers = np.zeros((len(LAYERS), 128, 128))
    disc = (x / 25) ** 2 + ((y + 24) / 18) ** 2 < 1
    layers[LAYERS.index("disc")] = disc
    layers[LAYERS.index("sac")] = (x / 5) ** 2 + ((y - 2) / 4) ** 2 < 1
    layers[LAYERS.index("canal")] = (np.abs(x) < 8) & (y < 12) & (y > -9) & ~disc
    return Masks(
        np.array([[100.0, 120.0]]),
        np.round(255 * sure * layers).astype(np.uint8)[None],
        np.array([planes], dtype=np.float32),
    )


SLICE = RealSlice("axial_t1/P0002_L4-L5.png", "P0002", "L4-L5", "t1")


def test_a_sure_draft_is_a_tracing_that_counts_little() -> None:
    (draft,) = sure_drafts([SLICE], masks(0.95, (0.9, 0.1, 0.0)))
    assert (draft.file, draft.patient, draft.quality) == (SLICE.file, "P0002", 1)
    assert draft.centre_px == (100.0, 120.0)
    assert draft.plane is Plane.DISC


@pytest.mark.parametrize(
    ("sure", "planes", "count"), [(0.82, (0.9, 0.1, 0.0), 0), (0.95, (0.5, 0.5, 0.0), 1)]
)
def test_what_is_not_sure_is_not_learned_from(
    sure: float, planes: tuple[float, float, float], count: int
) -> None:
    drafts = list(sure_drafts([SLICE], masks(sure, planes)))
    assert len(drafts) == count
    assert all(one.plane is None for one in drafts)


def test_further_tracings_are_of_the_tuning_half_and_of_nobody_set_aside() -> None:
    tracings = read_tracings(MORE)
    assert len(tracings) == 25
    assert len({one.patient for one in tracings}) == 25
    assert not any(is_set_aside(one.patient) for one in tracings)
    assert {half_of(one.patient) for one in tracings} == {Half.TUNE}
