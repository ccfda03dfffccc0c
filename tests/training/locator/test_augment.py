"""Overviews are disturbed and their targets go along."""

from __future__ import annotations

import torch

from lumbargrade.training.augment import Random, affine, resample
from lumbargrade.training.locator.augment import augment_overviews, move_points
from lumbargrade.training.recipe import LocatorSettings

STILL = LocatorSettings(shift_mm=0.0, rotation_deg=0.0, scale=0.0)


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


def test_points_move_as_their_pixels() -> None:
    """A single bright pixel, moved by the same map as its point."""
    edge, count = 65, 6
    random = Random(5)
    maps = affine(
        random.symmetric(count, 30.0),
        random.symmetric(count, 0.1).exp(),
        torch.stack([random.symmetric(count, 6.0), random.symmetric(count, 6.0)], 1),
        random.chance(count, 0.5),
    )
    pictures = torch.zeros(count, 1, edge, edge)
    pictures[:, 0, 28, 37] = 1.0
    moved = move_points(torch.tensor([[37.0, 28.0]]).repeat(count, 1), maps, edge)
    changed = resample(pictures, maps, edge, float(edge), padding="zeros")[:, 0]
    axis = torch.arange(edge, dtype=torch.float32)
    mass = changed.sum((1, 2))
    column = (changed.sum(1) * axis).sum(1) / mass
    row = (changed.sum(2) * axis).sum(1) / mass
    torch.testing.assert_close(torch.stack([column, row], 1), moved, atol=0.35, rtol=0)


def test_the_identity_moves_nothing() -> None:
    still = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
    point = torch.tensor([[3.5, 60.0]])
    torch.testing.assert_close(move_points(point, still, 65), point)


def test_without_movement_a_target_bends_by_a_few_mm_only() -> None:
    targets = torch.full((32, 2), 64.0)
    _, moved, inside = augment_overviews(
        torch.rand(32, 1, 128, 128), targets, STILL, Random(1), 2.0
    )
    away_mm = 2.0 * (moved - targets).norm(dim=1)
    mirrored = 2.0 * (moved - torch.tensor([63.0, 64.0])).norm(dim=1)
    assert float(torch.minimum(away_mm, mirrored).max()) < 12.0
    assert bool(inside.all())


def test_a_target_at_the_edge_is_not_learned_from() -> None:
    targets = torch.tensor([[64.0, 64.0], [1.0, 64.0], [64.0, 200.0]])
    _, _, inside = augment_overviews(torch.rand(3, 1, 128, 128), targets, STILL, Random(1), 2.0)
    assert inside.tolist() == [True, False, False]


def test_the_same_key_disturbs_alike() -> None:
    pictures, targets = torch.rand(4, 1, 64, 64), torch.full((4, 2), 32.0)
    settings = LocatorSettings()
    first = augment_overviews(pictures, targets, settings, Random(3, 1), 4.0)
    again = augment_overviews(pictures, targets, settings, Random(3, 1), 4.0)
    other = augment_overviews(pictures, targets, settings, Random(3, 2), 4.0)
    for one, same in zip(first, again, strict=True):
        torch.testing.assert_close(one, same)
    assert float((first[0] - other[0]).abs().max()) > 0.1


def test_a_narrow_field_never_hides_the_canal() -> None:
    """What is blanked lies 30 mm or more from the target."""
    count = 64
    targets = torch.full((count, 2), 64.0)
    changed, moved, _ = augment_overviews(
        torch.ones(count, 1, 128, 128), targets, STILL, Random(2), 2.0
    )
    blank = changed[:, 0] == 0
    assert 0.4 < float(blank.flatten(1).any(1).float().mean()) < 0.95
    axis = torch.arange(128.0)
    for index in range(count):
        near = ((axis - moved[index, 0]).abs()[None, :] < 14) & (
            (axis - moved[index, 1]).abs()[:, None] < 14
        )
        assert not bool((blank[index] & near).any())
