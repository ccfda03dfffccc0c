from __future__ import annotations

import torch

from lumbargrade.training.augment import Random
from lumbargrade.training.locator.augment import augment_overviews
from lumbargrade.training.locator.network import Locator, locate, locator_loss, target_maps
from lumbargrade.training.recipe import LocatorSettings


def test_shapes() -> None:
    with torch.inference_mode():
        assert Locator().eval()(torch.zeros(2, 1, 128, 128)).shape == (2, 1, 64, 64)


def test_a_map_around_a_point_is_located_at_that_point() -> None:
    targets = torch.tensor([[60.3, 71.8], [20.5, 100.0]])
    maps = target_maps(targets, 64)
    torch.testing.assert_close(maps.sum(dim=(1, 2)), torch.ones(2))
    found = locate(maps.clamp(min=1e-9).log().unsqueeze(1))
    assert float((found - targets).abs().max()) < 0.05


def test_targets_move_with_the_picture() -> None:
    pictures = torch.zeros(16, 1, 128, 128)
    pictures[:, :, 68:73, 58:63] = 1.0
    targets = torch.full((16, 2), 60.0)
    targets[:, 1] = 70.0
    settings = LocatorSettings()
    changed, moved, inside = augment_overviews(pictures, targets, settings, Random(3), 2.0)
    assert changed.shape == pictures.shape
    assert float((moved - targets).norm(dim=1).max()) > 10
    for index in torch.nonzero(inside).flatten().tolist():
        # The spot stays the brightest thing near its target, whatever was done to it.
        column, row = (round(float(value)) for value in moved[index])
        near = changed[index, 0, max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        assert float(near.mean()) > float(changed[index, 0].mean()) + 0.1


def test_loss_ignores_targets_outside() -> None:
    heatmaps = torch.zeros(2, 1, 64, 64, requires_grad=True)
    targets = torch.tensor([[64.0, 64.0], [500.0, 64.0]])
    locator_loss(heatmaps, targets, torch.tensor([True, False])).backward()
    assert heatmaps.grad is not None
    assert float(heatmaps.grad[1].abs().sum()) == 0.0
    assert float(heatmaps.grad[0].abs().sum()) > 0.0
