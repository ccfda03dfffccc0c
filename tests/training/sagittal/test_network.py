"""The disc grader answers with ordered probabilities, the mean of its members."""

from __future__ import annotations

import torch

from lumbargrade.inference.discs.square import DISC_SQUARE
from lumbargrade.training.sagittal.network import MEMBERS, DiscGrader, of_steps


def test_it_answers_with_logarithms_of_probabilities() -> None:
    torch.manual_seed(0)
    network = DiscGrader((5,)).eval()
    squares = torch.rand(3, 1, DISC_SQUARE.pixels, DISC_SQUARE.pixels)
    logs = network(squares)
    assert logs.shape == (3, 5)
    torch.testing.assert_close(logs.exp().sum(1), torch.ones(3))
    apart = network.apart(squares)
    assert apart.shape == (MEMBERS, 3, 5)
    torch.testing.assert_close(apart.exp().mean(0), logs.exp())
    assert not torch.equal(apart[0], apart[1])


def test_each_system_has_its_own_probabilities() -> None:
    torch.manual_seed(0)
    network = DiscGrader((5, 2)).eval()
    logs = network(torch.rand(3, 1, DISC_SQUARE.pixels, DISC_SQUARE.pixels))
    ladder, binary = network.split(logs)
    assert (ladder.shape, binary.shape) == ((3, 5), (3, 2))
    for one in (ladder, binary):
        torch.testing.assert_close(one.exp().sum(1), torch.ones(3))


def test_steps_are_climbed_one_by_one() -> None:
    high, low = torch.tensor([[9.0, 9.0, 9.0]]), torch.tensor([[0.0, -9.0, 9.0]])
    assert of_steps(high).argmax() == 3
    chances = of_steps(low).exp()[0]
    torch.testing.assert_close(chances.sum(), torch.tensor(1.0))
    torch.testing.assert_close(chances[:2], torch.tensor([0.5, 0.5]), atol=1e-3, rtol=0)


def test_it_sees_the_brightness_and_not_the_pattern_alone() -> None:
    torch.manual_seed(0)
    network = DiscGrader((5,)).eval()
    square = torch.rand(1, 1, 48, 48)
    assert not torch.allclose(network(square), network(0.5 * square), atol=1e-5)
