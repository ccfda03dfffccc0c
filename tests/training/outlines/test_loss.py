"""The loss is small for a right answer and blind to what was not drawn."""

from __future__ import annotations

import torch

from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.training.outlines.loss import NOT_SAID, Target, layer_weights, outline_loss


def target(planes: list[int]) -> Target:
    masks = torch.zeros(len(planes), len(LAYERS), 16, 16)
    masks[:, :, 4:12, 4:12] = 1.0
    known = torch.ones(len(planes), len(LAYERS))
    return Target(masks, known, torch.tensor(planes), torch.ones(len(planes), 1, 16, 16))


def right(given: Target) -> torch.Tensor:
    return 20 * (2 * given.masks - 1)


def test_a_right_answer_costs_nothing_and_a_wrong_one_much() -> None:
    given = target([0, 2])
    plane = 30 * torch.nn.functional.one_hot(given.planes, 3).float()
    assert float(outline_loss(right(given), plane, given)) < 0.01
    assert float(outline_loss(-right(given), plane, given)) > 5
    assert float(outline_loss(right(given), -plane, given)) > 1


def test_a_layer_that_was_not_drawn_is_not_learned_from() -> None:
    given = target([0])
    given.known[0, LAYERS.index("root_left")] = 0
    wrong = right(given)
    wrong[0, LAYERS.index("root_left")] *= -1
    plane = torch.tensor([[30.0, 0.0, 0.0]])
    assert float(outline_loss(wrong, plane, given)) < 0.01


def test_what_lies_outside_of_the_picture_is_not_learned_from() -> None:
    given = target([0])
    given.inside[..., :8] = 0
    wrong = right(given)
    wrong[..., :8] *= -1
    assert float(outline_loss(wrong, torch.tensor([[30.0, 0.0, 0.0]]), given)) < 0.01


def test_a_plane_that_was_not_said_is_not_learned_from() -> None:
    given = target([NOT_SAID])
    loss = outline_loss(right(given), torch.tensor([[0.0, 50.0, 0.0]]), given)
    assert float(loss) < 0.01


def test_thin_and_rare_layers_count_less() -> None:
    weights = dict(zip(LAYERS, layer_weights().tolist(), strict=True))
    assert weights["sac"] > weights["disc"] > weights["facet_left"] > weights["exit_right"]
    assert weights["root_left"] == weights["root_right"]
