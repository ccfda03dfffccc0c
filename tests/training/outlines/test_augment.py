"""Random changes of traced slices keep to what they say."""

from __future__ import annotations

import pytest
import torch

from lumbargrade.training.augment import Random
from lumbargrade.training.outlines.augment import change_picture, random_places, straight_places


def test_the_places_of_an_unchanged_picture_are_its_pixels() -> None:
    places = straight_places(4, 2.0)
    assert places.shape == (1, 4, 4, 2)
    assert places[0, 0, 0].tolist() == [-3.0, -3.0]
    assert places[0, 0, 3].tolist() == [3.0, -3.0]


def test_half_of_the_pictures_are_mirrored_and_none_goes_far() -> None:
    places, mirrored = random_places(400, 16, 5.0, Random(1))
    assert places.shape == (400, 16, 16, 2)
    assert 0.4 < float(mirrored.float().mean()) < 0.6
    rightward = places[:, :, -1, 0] - places[:, :, 0, 0]
    assert bool(((rightward.mean(1) < 0) == mirrored).all())
    middle = places.mean(dim=(1, 2))
    assert float(middle.norm(dim=1).mean()) == pytest.approx(6.5, abs=1.5)
    width = rightward.mean(1).abs() / (straight_places(16, 5.0)[0, 0, -1, 0] * 2)
    assert 0.8 < float(width.median()) < 1.2


def test_the_same_key_changes_alike_and_another_does_not() -> None:
    pictures = torch.rand(3, 1, 32, 32)
    one, again, other = (change_picture(pictures, Random(seed)) for seed in (5, 5, 6))
    torch.testing.assert_close(one, again)
    assert not torch.equal(one, other)


def test_some_pictures_are_inverted_and_some_keep_their_tone() -> None:
    ramp = torch.linspace(0, 1, 64).expand(200, 1, 64, 64)
    changed = change_picture(ramp, Random(3))
    assert torch.isfinite(changed).all()
    rise = changed[..., 48:].mean(dim=(1, 2, 3)) - changed[..., :16].mean(dim=(1, 2, 3))
    assert float((rise > 0.2).float().mean()) > 0.5
    assert float((rise < -0.2).float().mean()) > 0.05
