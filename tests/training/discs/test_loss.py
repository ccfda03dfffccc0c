"""The loss is small for the right answer and blind to what nobody traced."""

from __future__ import annotations

import pytest
import torch
from tests.training.discs.traced import cell_of, perfect, target

from lumbargrade.inference.sagittal.square import CELL_MM, CELLS
from lumbargrade.training.discs.loss import Target, cell_places, finder_loss


def loss(given: Target, middles: torch.Tensor, corners: torch.Tensor) -> float:
    return float(finder_loss(middles, corners, given))


def test_the_right_answer_costs_nothing_and_a_shifted_one_much() -> None:
    given = target()
    middles, corners = perfect(given)
    assert loss(given, middles, corners) < 0.01
    assert loss(given, middles.roll(4, dims=3), corners) > 5
    assert loss(given, middles, corners + 0.5) > 0.5
    assert loss(given, torch.full_like(middles, -12.0), corners) > 5


def test_a_missing_mark_of_the_sacrum_costs() -> None:
    given = target()
    middles, corners = perfect(given)
    middles[:, 1] = -12.0
    assert loss(given, middles, corners) > 1


def test_corners_far_from_a_disc_are_not_learned() -> None:
    given = target()
    middles, corners = perfect(given)
    corners[..., : CELLS // 4] += 30.0
    assert loss(given, middles, corners) < 0.01


@pytest.mark.parametrize("count", [1, 2])
def test_discs_far_above_the_highest_traced_one_are_not_learned(count: int) -> None:
    """Discs below it, and marks of the sacrum anywhere, are."""
    given, whole = target(count), target()
    middles, corners = perfect(given)
    column = cell_of(CELL_MM / 2)
    above = middles.clone()
    for disc in range(count, 5):
        above[0, 0, cell_of(float(whole.middles_mm[0, disc, 1])), column] = 12.0
    assert loss(given, above, corners) < 0.01
    near = middles.clone()
    near[0, 0, cell_of(float(whole.middles_mm[0, count - 1, 1])) - 1, 4] = 12.0
    assert loss(given, near, corners) > 1
    below = middles.clone()
    below[0, 0, -4, column] = 12.0
    assert loss(given, below, corners) > 1
    sacral = middles.clone()
    sacral[0, 1, cell_of(float(whole.middles_mm[0, 3, 1])), column] = 12.0
    assert loss(given, sacral, corners) > 1


def test_a_sacrum_outside_of_the_square_is_not_marked() -> None:
    given = target(lowest_mm=CELLS * CELL_MM / 2 + 0.1)
    middles, corners = perfect(given)
    middles[0, 1] = -12.0
    unmarked = loss(given, middles, corners)
    middles[0, 1, -1, cell_of(CELL_MM / 2)] = 12.0
    assert loss(given, middles, corners) > unmarked + 1


def test_a_lowest_disc_that_may_not_lie_on_the_sacrum_is_not_marked() -> None:
    given = target(on_sacrum=False)
    middles, corners = perfect(given)
    assert loss(given, middles, corners) < 0.01
    assert loss(given, perfect(target())[0], corners) > 1


def test_cells_lie_around_the_middle() -> None:
    places = cell_places()
    assert places.shape == (2, CELLS, CELLS)
    assert places.mean(dim=(1, 2)).tolist() == pytest.approx([0, 0], abs=1e-4)
    step = places[:, 1, 1] - places[:, 0, 0]
    assert step.tolist() == [CELL_MM, CELL_MM]
    assert float(places[0, 0, 1]) > float(places[0, 0, 0])
    assert places[1, 0, 1] == places[1, 0, 0]
