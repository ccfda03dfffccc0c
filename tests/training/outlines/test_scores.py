"""Scores of an outline network: perfect for the tracing itself, and for nobody else's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.outlines.traced import write_tracings
from torch import Tensor

from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.training.outlines.data import TracedSlices, load_traced, plain_batch
from lumbargrade.training.outlines.network import OutlineNetwork
from lumbargrade.training.outlines.scores import dice, measure_errors, outline_scores


class Knowing(OutlineNetwork):
    """Answers with the tracing itself, moved by some pixels; mirror-symmetric shapes only."""

    def __init__(self, data: TracedSlices, moved: int = 0) -> None:
        super().__init__()
        _, target = plain_batch(data, np.flatnonzero(data.aside))
        self.said, self.moved = target.masks, moved

    def forward(self, patch: Tensor) -> tuple[Tensor, Tensor]:
        half = len(patch) // 2
        masks = torch.cat([self.said[:half]] * 2).roll(self.moved, dims=2)
        return 12 * (2 * masks - 1), torch.tensor([[5.0, 0.0, 0.0]]).expand(len(patch), 3)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TracedSlices:
    folder = tmp_path_factory.mktemp("traced")
    path = write_tracings(folder, ("A", "P0170", "P0170", "P0170"))
    return load_traced(read_tracings(path), [folder], lambda done, total: None)


def test_dice_is_the_shared_part_of_both() -> None:
    one = np.zeros((1, 1, 4, 4), dtype=np.float32)
    other = one.copy()
    one[..., :2], other[..., 1:3] = 1, 1
    assert dice(one, other)[0, 0] == pytest.approx(0.5)
    assert dice(one, one)[0, 0] == 1


def test_the_tracing_itself_is_perfect(data: TracedSlices) -> None:
    scores = outline_scores(Knowing(data), data)
    assert set(scores) == {"t2"}
    assert (scores["t2"]["slices"], scores["t2"]["patients"]) == (3, 1)
    assert scores["t2"]["plane_right"] == 1
    assert all(value > 0.97 for value in scores["t2"]["dice"].values())
    assert "root_left" not in scores["t2"]["dice"]
    errors = measure_errors(Knowing(data), data)
    assert errors["sac_area_mm2"] < 1.5


def test_a_shift_costs_overlap(data: TracedSlices) -> None:
    scores = outline_scores(Knowing(data, moved=4), data)["t2"]["dice"]
    assert scores["sac"] < 0.85 < scores["disc"] < 0.97


def test_without_anybody_set_aside_there_are_no_scores(tmp_path: Path) -> None:
    path = write_tracings(tmp_path, ("A", "B"))
    both = load_traced(read_tracings(path), [tmp_path], lambda done, total: None)
    network = OutlineNetwork()
    assert outline_scores(network, both) == {}
    assert measure_errors(network, both) == {}
    assert len(LAYERS) == both.masks.shape[1]
