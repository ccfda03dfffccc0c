"""The outline network: shapes, and what it does not look at."""

from __future__ import annotations

import torch

from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.training.outlines.network import OutlineNetwork, standardise


def test_one_map_a_layer_in_the_pixels_of_the_patch() -> None:
    layers, plane = OutlineNetwork().eval()(torch.rand(2, 1, 128, 128))
    assert layers.shape == (2, len(LAYERS), 128, 128)
    assert plane.shape == (2, 3)


def test_brightness_and_contrast_of_the_whole_picture_do_not_matter() -> None:
    network = OutlineNetwork().eval()
    picture = torch.rand(1, 1, 128, 128)
    with torch.inference_mode():
        one, other = network(picture), network(3 * picture + 0.7)
    for a, b in zip(one, other, strict=True):
        torch.testing.assert_close(a, b, atol=2e-2, rtol=1e-2)


def test_a_flat_picture_stays_finite() -> None:
    assert float(standardise(torch.full((1, 1, 8, 8), 0.4)).abs().max()) < 0.01


def test_it_is_light() -> None:
    count = sum(value.numel() for value in OutlineNetwork().parameters())
    assert 1_000_000 < count < 2_000_000
