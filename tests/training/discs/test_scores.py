"""What is said of slices set aside: discs found, how far corners are off, and the sacrum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.discs.traced import perfect, write_tracings
from torch import Tensor

from lumbargrade.inference.sagittal.decode import Peak
from lumbargrade.inference.sagittal.square import CELL_MM
from lumbargrade.spine.tracing import read_disc_tracings
from lumbargrade.training.discs.data import TracedDiscs, load_discs, plain_batch
from lumbargrade.training.discs.network import DiscFinder
from lumbargrade.training.discs.scores import _on_sacrum, finder_scores, matched

BOX = np.array([[-18.0, -5.0], [18.0, -5.0], [18.0, 5.0], [-18.0, 5.0]])
TRUTH = np.array([np.add(BOX, [0.0, 70.0 - 36 * number]) for number in range(4)])


class Knows(DiscFinder):
    """Marks the discs that it was given, and not the picture's."""

    def __init__(self, middles: Tensor, corners: Tensor) -> None:
        super().__init__()
        self.given = middles, corners

    def forward(self, square: Tensor) -> tuple[Tensor, Tensor]:
        return self.given


@pytest.fixture
def data(tmp_path: Path) -> TracedDiscs:
    path = write_tracings(tmp_path)
    return load_discs(read_disc_tracings(path), [tmp_path], lambda done, total: None)


def test_the_right_answer_scores_best_and_a_shifted_one_is_off(data: TracedDiscs) -> None:
    middles, corners = perfect(plain_batch(data, np.array([2]))[1])
    right = finder_scores(Knows(middles, corners), data)
    assert right == {
        "slices": 1,
        "patients": 1,
        "discs": 5,
        "found": 1.0,
        "corner_median_mm": pytest.approx(0.0, abs=0.02),
        "sacrum_right": 1.0,
    }
    moved = finder_scores(Knows(middles, corners + torch.tensor(0.3)), data)
    assert moved["corner_median_mm"] == pytest.approx(3 * np.sqrt(2), abs=0.05)
    cells = round(24 / CELL_MM)
    away = finder_scores(Knows(middles.roll(cells, dims=3), corners.roll(cells, dims=3)), data)
    assert (away["found"], away["sacrum_right"]) == (0.0, 0.0)
    assert away["corner_median_mm"] is None


def test_slices_without_a_known_sacrum_are_no_fault_of_the_network(data: TracedDiscs) -> None:
    data.on_sacrum[2] = False
    middles, corners = perfect(plain_batch(data, np.array([2]))[1])
    scores = finder_scores(Knows(middles, corners), data)
    assert (scores["found"], scores["sacrum_right"]) == (1.0, None)


def test_nobody_set_aside_is_not_scored(data: TracedDiscs) -> None:
    data.patients[:] = "A"
    assert finder_scores(DiscFinder(), data) == {}


def test_a_disc_is_found_within_a_share_of_the_distance() -> None:
    peaks = [Peak(np.add(TRUTH[0], [0, 5.0]), 0.9, 0.9), Peak(np.add(TRUTH[2], [0, 6.0]), 0.9, 0.0)]
    hits, apart = matched(TRUTH, peaks)
    assert hits == [True, False, False, False]
    assert apart == pytest.approx([5.0] * 4)
    assert matched(TRUTH, []) == ([False] * 4, [])
    assert matched(TRUTH[:1], peaks)[0] == [True]


def test_the_sacrum_is_right_only_at_the_lowest_disc() -> None:
    low, high = Peak(TRUTH[0], 0.9, 0.8), Peak(TRUTH[1], 0.9, 0.6)
    assert _on_sacrum(TRUTH, [low, high])
    assert not _on_sacrum(TRUTH, [Peak(TRUTH[0], 0.9, 0.5), Peak(TRUTH[1], 0.9, 0.6)])
    assert not _on_sacrum(TRUTH, [Peak(TRUTH[0], 0.9, 0.4)])
