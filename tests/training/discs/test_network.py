"""The disc finder: shapes, and what it does not look at."""

from __future__ import annotations

import torch

from lumbargrade.inference.sagittal.square import CELLS, FINDER_SQUARE
from lumbargrade.spine.tracing import CORNERS
from lumbargrade.training.discs.network import DiscFinder

EDGE = FINDER_SQUARE.pixels


def test_it_answers_in_cells() -> None:
    middles, corners = DiscFinder().eval()(torch.rand(2, 1, EDGE, EDGE))
    assert middles.shape == (2, 2, CELLS, CELLS)
    assert corners.shape == (2, 2 * len(CORNERS), CELLS, CELLS)


def test_an_untaught_one_finds_next_to_nothing() -> None:
    torch.manual_seed(0)
    with torch.inference_mode():
        middles, _ = DiscFinder().eval()(torch.rand(1, 1, EDGE, EDGE))
    assert float(torch.sigmoid(middles).mean()) < 0.05


def test_brightness_and_contrast_of_the_whole_picture_do_not_matter() -> None:
    network = DiscFinder().eval()
    picture = torch.rand(1, 1, EDGE, EDGE)
    with torch.inference_mode():
        one, other = network(picture), network(3 * picture + 0.7)
    for a, b in zip(one, other, strict=True):
        torch.testing.assert_close(a, b, atol=2e-2, rtol=1e-2)


def test_it_is_light() -> None:
    count = sum(value.numel() for value in DiscFinder().parameters())
    assert 300_000 < count < 1_500_000
