"""The locator answers with a map, and the map with a place."""

from __future__ import annotations

import torch

from lumbargrade.training.locator.network import Locator, locate, locator_loss, target_maps


def test_shapes() -> None:
    with torch.inference_mode():
        assert Locator().eval()(torch.zeros(2, 1, 128, 128)).shape == (2, 1, 64, 64)


def test_a_map_around_a_point_is_located_at_that_point() -> None:
    targets = torch.tensor([[60.3, 71.8], [20.5, 100.0]])
    maps = target_maps(targets, 64)
    torch.testing.assert_close(maps.sum(dim=(1, 2)), torch.ones(2))
    found = locate(maps.clamp(min=1e-9).log().unsqueeze(1))
    assert float((found - targets).abs().max()) < 0.05


def test_loss_ignores_targets_outside() -> None:
    heatmaps = torch.zeros(2, 1, 64, 64, requires_grad=True)
    targets = torch.tensor([[64.0, 64.0], [500.0, 64.0]])
    locator_loss(heatmaps, targets, torch.tensor([True, False])).backward()
    assert heatmaps.grad is not None
    assert float(heatmaps.grad[1].abs().sum()) == 0.0
    assert float(heatmaps.grad[0].abs().sum()) > 0.0
